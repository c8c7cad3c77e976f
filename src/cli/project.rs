//! What every command on a database needs: files, settings, connection, the app's release.

use super::args::{Cli, Tuning, Which};
use super::error::CliError;
use crate::database::{Access, Database};
use crate::manifest::Settings;
use crate::migrator::{Migrator, Observer, Options};
use crate::model::Release;
use crate::plan::Phase;
use crate::releases::{AppVersion, Releases, read_settings};
use std::time::Duration;

pub struct Project {
    pub settings: Settings,
    pub releases: Releases,
    pub database: Database,
}

impl Project {
    /// Reads the files first, so that a bad file is told before the database is touched.
    async fn open(cli: &Cli, tuning: Option<&Tuning>, access: Access) -> Result<Self, CliError> {
        let root = cli.root.as_path();
        let mut settings = read_settings(root)?;
        if let Some(tuning) = tuning {
            tuning.apply(&mut settings);
        }
        let releases = Releases::discover(root, &settings.folders)?;
        let url = cli.database_url.clone().or_else(|| environment("DATABASE_URL"));
        let url = url.as_deref().unwrap_or("sqlite://handover.sqlite3?mode=rwc");
        let database = Database::connect(url, access).await?;
        Ok(Self { settings, releases, database })
    }

    /// As [`open`](Self::open), and closes the database however `work` ends.
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
            observer,
        }
    }
}

/// The app's release: flag, environment, file.
pub fn app_release(cli: &Cli) -> Result<Release, CliError> {
    let environment = environment("VERSION");
    let found = AppVersion::resolve(cli.app_version.as_deref(), environment.as_deref(), &cli.root)?;
    Ok(found.release)
}

/// A variable that is set; one that is not UTF-8 is not passed over but told as wrong.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// A release given by a flag.
pub fn release(flag: &'static str, text: &str) -> Result<Release, CliError> {
    text.parse().map_err(|source| CliError::Release { flag, source })
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
        if let Some(rows) = self.batch_size {
            settings.backfill.batch_size = rows;
        }
    }
}

impl Which {
    pub fn options(&self, version: Release, wait: Duration) -> Options {
        Options {
            version,
            phase: match (self.pre, self.post) {
                (true, _) => Phase::Pre,
                (_, true) => Phase::Post,
                _ => Phase::All,
            },
            offline: self.offline,
            allow_unreleased: self.with_unreleased,
            wait,
        }
    }
}
