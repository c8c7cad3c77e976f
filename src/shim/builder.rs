use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};

use super::connection::Shim;
use super::error::ShimError;
use super::lease::Lease;
use super::snapshot::Compiled;
use crate::database::Database;
use crate::fleet::{Identity, REFRESH};
use crate::model::{Release, Stage};
use crate::releases::{EmbeddedReleases, Releases, ReleasesError};

/// Configures a [`Shim`].
#[derive(Debug)]
#[must_use]
pub struct ShimBuilder {
    connection: DatabaseConnection,
    releases: Result<Releases, ReleasesError>,
    version: Option<String>,
    lease: Duration,
    look: Duration,
}

/// Migrations for [`Shim::builder`]: those that [`releases!`](crate::releases!) embedded, with any
/// error in them, or [`Releases::default`] for none.
pub trait IntoReleases {
    /// The migrations, or what is wrong with them.
    ///
    /// # Errors
    /// A file or folder is misnamed or not UTF-8.
    fn into_releases(self) -> Result<Releases, ReleasesError>;
}

impl IntoReleases for Releases {
    fn into_releases(self) -> Result<Releases, ReleasesError> {
        Ok(self)
    }
}

impl IntoReleases for EmbeddedReleases {
    fn into_releases(self) -> Result<Releases, ReleasesError> {
        self.read()
    }
}

impl Shim {
    /// Begins to configure a shim over a connection, for the migrations that
    /// [`releases!`](crate::releases!) embedded in the program.
    pub fn builder(connection: DatabaseConnection, releases: impl IntoReleases) -> ShimBuilder {
        let releases = releases.into_releases();
        let lease = Duration::from_secs(15);
        ShimBuilder { connection, releases, version: None, lease, look: REFRESH }
    }
}

impl ShimBuilder {
    /// The app's release, such as `env!("CARGO_PKG_VERSION")`. Required.
    pub fn app_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// How long this process may use a mapping after the database last answered (default 15 s,
    /// at least 3 s). A process that dies without a word holds up a migration this long.
    pub fn lease(mut self, length: Duration) -> Self {
        self.lease = length.max(Duration::from_secs(3));
        self
    }

    /// How often the process looks for a new state of its own accord, so that a test can tell what
    /// else makes it look.
    #[cfg(feature = "failpoints")]
    #[doc(hidden)]
    pub fn look_every(mut self, pause: Duration) -> Self {
        self.look = pause;
        self
    }

    /// Looks at the database, registers this process with the fleet, and keeps up with both in a
    /// task of the present tokio runtime until [`Shim::shutdown`] or the last clone is dropped.
    ///
    /// On PostgreSQL the task keeps a connection of its own, besides those of the pool, on which it
    /// hears of a new state at once. Where that cannot be had, it looks once a second, as on the
    /// other databases.
    ///
    /// Runs no DDL: on a database that handover has not met yet, it registers once `db init` or
    /// the first `db migrate` has made the tables.
    ///
    /// # Errors
    /// No or a bad app version, malformed embedded migrations, an unsupported or failing database.
    pub async fn start(self) -> Result<Shim, DbErr> {
        crate::__private::arm_fail_points();
        let database = Database::from_connection(self.connection).map_err(ShimError::from)?;
        database.check_session().await.map_err(ShimError::from)?;
        let release: Release =
            self.version.ok_or(ShimError::NoVersion)?.parse().map_err(ShimError::Version)?;
        let compiled = compiled(&self.releases.map_err(ShimError::from)?)?;
        let identity = Identity {
            id: format!("{:032x}", rand::random::<u128>()),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            pid: std::process::id(),
            release,
        };
        let lease = Lease::start(database, identity, compiled, self.lease, self.look).await?;
        tokio::spawn(Arc::clone(&lease).keep());
        Ok(Shim::new(lease))
    }
}

/// The renames in the program, with the release from which on its code says `to`.
fn compiled(releases: &Releases) -> Result<Vec<Compiled>, ShimError> {
    let migrations = releases.load(&|_| None)?;
    Ok(migrations
        .iter()
        .filter(|migration| migration.stage() == Some(Stage::Expand))
        .filter_map(|migration| {
            let change = migration.change()?;
            Some(Compiled {
                name: change.name.clone(),
                rename: change.rename().clone(),
                expand_release: migration.release.clone(),
            })
        })
        .collect())
}
