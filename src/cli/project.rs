//! Everything that a command on a database needs: files, settings, connection, the app's release.

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use super::args::{Cli, Tuning, Which};
use super::error::CliError;
use crate::database::{Access, Database};
use crate::manifest::{Folders, Settings};
use crate::migrator::{AppMigrations, MigrateError, Migrator, Observer, Options, Status};
use crate::model::{AppName, Release, Scheme};
use crate::plan::Phase;
use crate::releases::{AppVersion, Releases, ReleasesError, read_settings};

pub struct Project {
    pub settings: Settings,
    pub releases: Releases,
    pub database: Database,
    /// The URL of the database.
    pub url: String,
    /// The status of the database when it was opened.
    pub status: Status,
    /// The migrations that the app has registered.
    pub app: AppMigrations,
}

impl Project {
    /// Reads the files, and at the same time the database: each takes half of the time of a deploy
    /// that has nothing to do. A bad file is reported before any error of the database, and before an
    /// SQLite file is made.
    async fn open(cli: &Cli, tuning: Option<&Tuning>, access: Access) -> Result<Self, CliError> {
        let mut settings = read_settings(&cli.root)?;
        if let Some(tuning) = tuning {
            tuning.apply(&mut settings);
        }
        let url = url(cli);
        let url = url.as_str();
        let files = discover(cli.root.clone(), settings.folders.clone(), settings.scheme);
        let look = Box::pin(look(url, access, (&cli.app, settings.app.as_ref())));
        let (mut releases, (database, status)) =
            if access == Access::Write && Database::creates_file(url) {
                (files.await?, look.await?)
            } else {
                both(files, look).await?
            };
        let (url, app) = (url.to_owned(), cli.app.clone());
        app.functions.declare(&mut releases);
        Ok(Self { settings, releases, database, url, status, app })
    }

    /// Opens the project, runs `work`, and closes the database however `work` ends.
    pub async fn with<T>(
        cli: &Cli,
        tuning: Option<&Tuning>,
        access: Access,
        work: impl AsyncFnOnce(&Self) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let project = Self::open(cli, tuning, access).await?;
        let result = work(&project).await;
        project.database.close().await;
        result
    }

    pub fn migrator<'a>(&'a self, observer: &'a dyn Observer) -> Migrator<'a> {
        Migrator {
            database: &self.database,
            releases: &self.releases,
            settings: &self.settings,
            app: &self.app,
            observer,
        }
    }
}

/// Reads the migration files, and adds the app's Rust functions.
pub fn releases(cli: &Cli, settings: &Settings) -> Result<Releases, ReleasesError> {
    let releases = Releases::discover(&cli.root, &settings.folders)?;
    let mut releases = releases.in_scheme(settings.scheme)?;
    cli.app.functions.declare(&mut releases);
    Ok(releases)
}

/// Reads the migration files on a thread of its own.
async fn discover(root: PathBuf, folders: Folders, scheme: Scheme) -> Result<Releases, CliError> {
    let reading =
        tokio::task::spawn_blocking(move || Releases::discover(&root, &folders)?.in_scheme(scheme));
    match reading.await {
        Ok(releases) => Ok(releases?),
        Err(died) => std::panic::resume_unwind(died.into_panic()),
    }
}

async fn look(
    url: &str,
    access: Access,
    (migrations, app): (&AppMigrations, Option<&AppName>),
) -> Result<(Database, Status), CliError> {
    let database = Database::connect(url, access).await?;
    match migrations.load(&database, app).await {
        Ok(status) => Ok((database, status)),
        Err(error) => {
            database.close().await;
            let none = match &error {
                MigrateError::Database(first) => Database::not_a_database(url, first),
                _ => None,
            };
            Err(none.map_or_else(|| error.into(), CliError::from))
        }
    }
}

/// Waits for both at the same time. An error of the files is reported first and at once: it does not
/// wait for a database that does not answer.
async fn both(
    files: impl Future<Output = Result<Releases, CliError>>,
    look: impl Future<Output = Result<(Database, Status), CliError>>,
) -> Result<(Releases, (Database, Status)), CliError> {
    let (mut files, mut look) = (pin!(files), pin!(look));
    tokio::select! {
        biased;
        releases = &mut files => Ok((releases?, look.await?)),
        found = &mut look => match (files.await, found) {
            (Ok(releases), found) => Ok((releases, found?)),
            (Err(error), found) => {
                if let Ok((database, _)) = found {
                    database.close().await;
                }
                Err(error)
            }
        },
    }
}

/// The URL of the database: from the flag, the environment, or a file in the current folder.
pub fn url(cli: &Cli) -> String {
    given_url(cli).unwrap_or_else(|| "sqlite://handover.sqlite3?mode=rwc".to_owned())
}

/// The URL of the database, if one was given by the flag or the environment.
pub fn given_url(cli: &Cli) -> Option<String> {
    cli.database_url.clone().or_else(|| environment("DATABASE_URL"))
}

/// The app's release: from the flag, the environment, or the file.
pub fn app_release(cli: &Cli) -> Result<Release, CliError> {
    let environment = environment("VERSION");
    let scheme = read_settings(&cli.root)?.scheme;
    let (flag, environment) = (cli.app_version.as_deref(), environment.as_deref());
    Ok(AppVersion::resolve(flag, environment, &cli.root, scheme)?.release)
}

/// Reads a variable that is set. A value that is not UTF-8 is not ignored, and is reported as wrong.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The time now in UTC as `YYYYMMDDHHMMSS`: ids sort by when they were made.
pub fn timestamp() -> u64 {
    let text = jiff::Timestamp::now().strftime("%Y%m%d%H%M%S").to_string();
    text.parse().unwrap_or_default()
}

/// Parses a release that was given by a flag.
pub fn release(cli: &Cli, flag: &'static str, text: &str) -> Result<Release, CliError> {
    let scheme = read_settings(&cli.root)?.scheme;
    scheme.parse(text).map_err(|source| CliError::Release { flag, source })
}

/// Parses a release that is there already and was given by a flag: it may be from before the app's present
/// scheme.
pub fn known_release(cli: &Cli, flag: &'static str, text: &str) -> Result<Release, CliError> {
    let scheme = read_settings(&cli.root)?.scheme;
    scheme.read(text).map_err(|source| CliError::Release { flag, source })
}

impl Tuning {
    fn apply(&self, settings: &mut Settings) {
        let set = |value: Option<Duration>, setting: &mut Duration| {
            if let Some(value) = value {
                *setting = value;
            }
        };
        set(self.batch_pause, &mut settings.backfill.pause);
        set(self.lock_timeout, &mut settings.lock.timeout);
        set(self.lock_patience, &mut settings.lock.patience);
        set(self.acknowledgement_patience, &mut settings.acknowledgement_patience);
        set(self.target_batch_time, &mut settings.backfill.target_batch_time);
        let backfill = &mut settings.backfill;
        backfill.batch_size = self.batch_size.unwrap_or(backfill.batch_size);
        backfill.workers = self.backfill_workers.unwrap_or(backfill.workers);
        backfill.max_replica_lag = self.max_replica_lag.or(backfill.max_replica_lag);
        if let Some(query) = &self.health_query {
            backfill.health_query = Some(query.clone());
        }
    }
}

impl Which {
    pub fn options(&self, version: Release, wait: Duration) -> Options {
        Options {
            allowed: self.allow.clone(),
            version,
            phase: match (self.pre, self.post) {
                (true, _) => Phase::Pre,
                (_, true) => Phase::Post,
                _ => Phase::All,
            },
            offline: self.offline,
            allow_unreleased: self.with_unreleased,
            wait,
            orm_before: None,
        }
    }
}
