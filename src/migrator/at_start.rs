//! Migrating from within the app: for apps that migrate when they start, and for tests.

use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;

use super::app_migrations::AppMigrations;
use super::error::MigrateError;
use super::event::{Observer, Silent};
use super::outcome::{Options, Outcome};
use super::runner::Migrator;
use crate::database::{ConnectError, Database, LockError};
use crate::manifest::Settings;
use crate::model::{InvalidAppName, InvalidRelease};
use crate::plan::{PURGE, Phase, SESSIONS};
use crate::releases::{IntoReleases, Releases, ReleasesError};

/// The pause before the lock of another process that migrates is asked for again.
const PAUSE: Duration = Duration::from_millis(200);

/// Migrates a database from within the app, as `handover db migrate` does.
///
/// ```no_run
/// # async fn example(connection: &sea_orm::DatabaseConnection) -> Result<(), Box<dyn std::error::Error>> {
/// let releases = handover::Releases::default(); // or handover::releases!("release_migrations")
/// let outcome =
///     handover::Migrate::new(connection, releases).app_version(env!("CARGO_PKG_VERSION")).run().await?;
/// for refusal in outcome.refused {
///     tracing::warn!("{refusal}"); // it runs with a later start, when all processes have the release
/// }
/// # Ok(()) }
/// ```
pub struct Migrate<'a> {
    connection: &'a DatabaseConnection,
    releases: Result<Releases, ReleasesError>,
    version: Option<String>,
    name: Option<String>,
    settings: Settings,
    app: AppMigrations,
    observer: &'a dyn Observer,
    phase: Phase,
    offline: bool,
    unreleased: bool,
    purge: bool,
    wait: Duration,
}

/// The reason why an app could not migrate.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No release was given.
    #[error("the app's release is not known: call `app_version`")]
    NoVersion,
    /// The release is not valid.
    #[error("the app's release is not valid")]
    Version(#[from] InvalidRelease),
    /// The name of the app is not valid.
    #[error("the app's name is not valid")]
    App(#[from] InvalidAppName),
    /// The migrations that are embedded in the app are malformed.
    #[error("the migrations cannot be read")]
    Releases(#[from] ReleasesError),
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Connect(#[from] ConnectError),
    /// The run failed.
    #[error("the database could not be migrated")]
    Migrate(#[from] MigrateError),
}

impl<'a> Migrate<'a> {
    /// Begins to configure a run for the migrations that [`releases!`](crate::releases!) has embedded.
    pub fn new(connection: &'a DatabaseConnection, releases: impl IntoReleases) -> Self {
        Self {
            connection,
            releases: releases.into_releases(),
            version: None,
            name: None,
            settings: Settings::default(),
            app: AppMigrations::default(),
            observer: &Silent,
            phase: Phase::All,
            offline: false,
            unreleased: false,
            purge: false,
            wait: Duration::from_mins(1),
        }
    }

    /// Sets the app's release, such as `env!("CARGO_PKG_VERSION")`. Required.
    #[must_use]
    pub fn app_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Sets the name of the app, as `app` of `handover.yml` says, if several apps migrate the database.
    #[must_use]
    pub fn app(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds the migrations that are compiled into the app: Rust functions, and those of
    /// sea-orm-migration.
    #[must_use]
    pub fn app_migrations(mut self, app: impl Into<AppMigrations>) -> Self {
        self.app = app.into();
        self
    }

    /// Sets the settings that `handover.yml` has.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Receives the events of the run.
    #[must_use]
    pub fn observer(mut self, observer: &'a dyn Observer) -> Self {
        self.observer = observer;
        self
    }

    /// Runs only the migrations of one phase. By default both, as far as the running processes permit.
    #[must_use]
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// Declares that no process of the app is running. It is refused if one is registered.
    #[must_use]
    pub fn offline(mut self) -> Self {
        self.offline = true;
        self
    }

    /// Runs the unreleased migrations, too: for a database of a developer or of a test.
    #[must_use]
    pub fn with_unreleased(mut self) -> Self {
        self.unreleased = true;
        self
    }

    /// Deletes what a dropped column has left in the release that puts it aside: for a database of a test,
    /// which has no values to keep.
    pub(super) fn purging(mut self) -> Self {
        self.purge = true;
        self
    }

    /// Sets how long to wait while another process migrates. One minute by default.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Runs everything that may run now. A gate that refuses is not an error but part of the outcome.
    ///
    /// # Errors
    /// The release or the files are not valid, the database cannot be used, or a migration fails.
    pub async fn run(mut self) -> Result<Outcome, StartError> {
        if let Some(name) = &self.name {
            self.settings.app = Some(name.parse()?);
        }
        let scheme = self.settings.scheme;
        let version = scheme.parse(&self.version.ok_or(StartError::NoVersion)?)?;
        let mut releases = self.releases?.in_scheme(scheme)?;
        self.app.functions.declare(&mut releases);
        let database = Database::beside(self.connection).await?;
        let options = Options {
            version,
            phase: self.phase,
            offline: self.offline,
            allow_unreleased: self.unreleased,
            wait: Duration::ZERO,
            // This process has not registered yet, nor have those that start with it.
            allowed: [SESSIONS]
                .into_iter()
                .chain(self.purge.then_some(PURGE))
                .map(str::to_owned)
                .collect(),
            orm_before: None,
        };
        let (settings, app, observer) = (&self.settings, &self.app, self.observer);
        let migrator =
            Migrator { database: &database, releases: &releases, settings, app, observer };
        // In a box, so that a program that awaits it needs no deeper `recursion_limit`.
        let outcome = Box::pin(in_turn(&migrator, &options, self.wait)).await;
        // One that is shared is in use by the app.
        if !database.is_shared() {
            database.close().await;
        }
        Ok(outcome?)
    }
}

/// Runs, and if another process is migrating, runs when that one has ended.
async fn in_turn(
    migrator: &Migrator<'_>,
    options: &Options,
    wait: Duration,
) -> Result<Outcome, MigrateError> {
    let asked = Instant::now();
    loop {
        match migrator.migrate(options).await {
            Err(MigrateError::Lock(LockError::Held)) if asked.elapsed() < wait => {
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}
