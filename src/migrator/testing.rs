//! Databases for the tests of an app.

use std::path::{Path, PathBuf};

use sea_orm::DatabaseConnection;

use super::app_migrations::AppMigrations;
use super::at_start::{Migrate, StartError};
use super::outcome::Outcome;
use crate::model::Release;
use crate::plan::Refusal;
use crate::releases::{Releases, ReleasesError, SETTINGS_FILE, read_settings};

/// The reason why a test's database could not be made current.
#[derive(Debug, thiserror::Error)]
pub enum TestingError {
    /// No folder from the package upwards has migrations.
    #[error("`{}` and the folders above it have neither `{SETTINGS_FILE}` nor `release_migrations`", package.display())]
    NoProject {
        /// The folder of the package that is tested.
        package: PathBuf,
    },
    /// The migration files cannot be read.
    #[error("the migrations of `{}` cannot be read", root.display())]
    Files {
        /// The project's folder.
        root: PathBuf,
        /// The cause.
        #[source]
        source: ReleasesError,
    },
    /// The database could not be migrated.
    #[error("the test's database could not be migrated")]
    Migrate(#[source] StartError),
    /// A gate refused.
    #[error("the test's database was not migrated: {0}")]
    Refused(Refusal),
}

/// Makes a test's database current: everything runs on it at once, also what is unreleased. The files
/// are those of the package that is tested, or of its workspace.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let db = sea_orm::Database::connect("sqlite::memory:").await?;
/// handover::testing::migrate(&db).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// The files cannot be read, or a migration fails.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), TestingError> {
    migrate_with(db, AppMigrations::default()).await
}

/// Does the same with the migrations that are compiled into the app, such as
/// `AppMigrations::default().migrator::<migration::Migrator>()`.
///
/// # Errors
/// The files cannot be read, or a migration fails.
pub async fn migrate_with(
    db: &DatabaseConnection,
    app: impl Into<AppMigrations>,
) -> Result<(), TestingError> {
    let root = root()?;
    let failed = |source| TestingError::Files { root: root.clone(), source };
    let settings = read_settings(&root).map_err(failed)?;
    let releases = Releases::discover(&root, &settings.folders)
        .and_then(|releases| releases.in_scheme(settings.scheme))
        .map_err(failed)?;
    let version = latest(&releases);
    let run = Migrate::new(db, releases)
        .app_version(version.to_string())
        .app_migrations(app)
        .settings(settings)
        .offline()
        .with_unreleased()
        .purging();
    let Outcome { refused, .. } = run.run().await.map_err(TestingError::Migrate)?;
    refused.into_iter().next().map_or(Ok(()), |refusal| Err(TestingError::Refused(refusal)))
}

/// The latest release that has a migration.
fn latest(releases: &Releases) -> Release {
    let released = releases.files().iter().filter_map(|file| file.release.clone());
    released.max().unwrap_or_else(|| Release::new(0, 0, 0))
}

/// The project's folder: cargo names the package to its tests.
fn root() -> Result<PathBuf, TestingError> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = package.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    let is_project = |folder: &&Path| {
        folder.join(SETTINGS_FILE).is_file() || folder.join("release_migrations").is_dir()
    };
    let found = package.ancestors().find(is_project).map(Path::to_path_buf);
    found.ok_or(TestingError::NoProject { package })
}
