//! The settings, with their defaults.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::{AppName, Release, Scheme};

/// The settings of `handover.yml`, or else the defaults, which suit production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `app`: the name of the app, if several apps migrate one database (default: none).
    pub app: Option<AppName>,
    /// `folders`: the folders of the files.
    pub folders: Folders,
    /// `lock`: waiting for the database's locks.
    pub lock: LockSettings,
    /// `backfill`: copying rows.
    pub backfill: BackfillSettings,
    /// `release.scheme`: how the app numbers its releases (default `semver`).
    pub scheme: Scheme,
    /// `acknowledgement_patience`: how long a migration waits for the instances to acknowledge a
    /// state before it gives up with a refusal (default 30 s).
    pub acknowledgement_patience: Duration,
    /// `required_stops`: releases that an upgrade must not skip, in addition to those that follow
    /// from the migrations; in order (default: none).
    pub required_stops: Vec<Release>,
    /// `minimum_version`: the earliest release whose database these files can upgrade; set by
    /// `release squash` (default: none, any).
    pub minimum_version: Option<Release>,
    /// `upgrade_budget`: the expected duration of a stage above which a warning is given, 1 s to 30
    /// days (default 30 min).
    pub upgrade_budget: Duration,
    /// `allow`: objects of the database that stand in the way of a rename, but were looked at and
    /// may stay as they are (default: none).
    pub allow: Vec<String>,
    /// `rehearse.prepare`: a file of SQL, relative to the project's root, that creates in an empty
    /// scratch database what no migration creates (default: none).
    pub prepare: Option<PathBuf>,
    /// `check`: what `handover check` looks at in addition to the migrations.
    pub check: CheckSettings,
}

/// The settings of `handover check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// `max_age`: how old a file in `unreleased/` may be before a warning, 1 day to 10 years
    /// (default 3 weeks).
    pub max_age: Duration,
    /// `code`: the folders with the app's code, that are searched for a column's former name
    /// (default `src`).
    pub code: Vec<PathBuf>,
}

/// Folders, relative to the project's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// `unreleased`: migrations that belong to no release yet (default `unreleased`).
    pub unreleased: PathBuf,
    /// `releases`: one folder a release (default `release_migrations`).
    pub releases: PathBuf,
    /// `templates`: the project's own templates (default `generator_templates`).
    pub templates: PathBuf,
}

/// The settings for waiting for the database's locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockSettings {
    /// `timeout`: how long one attempt waits, and so may hold up the app's statements, 1 ms to
    /// 60 s (default 50 ms).
    pub timeout: Duration,
    /// `patience`: how long attempts go on before the stage fails (default 60 s).
    pub patience: Duration,
}

/// The settings for copying rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillSettings {
    /// `batch_size`: the maximum number of rows in one transaction, 1 to 1 000 000 (default 20
    /// 000).
    pub batch_size: u32,
    /// `target_batch_time`: how long a batch should take, and so how long a writer of one of its
    /// rows waits, 1 ms to 60 s. The size of the batches is adapted to that, between 100 rows and
    /// `batch_size` (default 20 ms: the round trips between batches cost a few percent of the
    /// copy).
    pub target_batch_time: Duration,
    /// `pause`: the pause between two batches (default 0 ms).
    pub pause: Duration,
    /// `workers`: the number of batches at the same time, 1 to 16; more than one on PostgreSQL only
    /// (default 1).
    pub workers: u32,
    /// `max_replica_lag`: the copy waits while a replica is further behind, 1 ms to 1 day;
    /// PostgreSQL only (default: replicas are not checked).
    pub max_replica_lag: Option<Duration>,
    /// `health_query`: SQL that gives one value; the copy waits while it is not true (default:
    /// none).
    pub health_query: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            app: None,
            folders: Folders::default(),
            lock: LockSettings::default(),
            backfill: BackfillSettings::default(),
            scheme: Scheme::default(),
            acknowledgement_patience: Duration::from_secs(30),
            required_stops: Vec::new(),
            minimum_version: None,
            upgrade_budget: Duration::from_mins(30),
            allow: Vec::new(),
            prepare: None,
            check: CheckSettings::default(),
        }
    }
}

impl Default for Folders {
    fn default() -> Self {
        Self {
            unreleased: PathBuf::from("unreleased"),
            releases: PathBuf::from("release_migrations"),
            templates: PathBuf::from("generator_templates"),
        }
    }
}

impl Default for LockSettings {
    fn default() -> Self {
        Self { timeout: Duration::from_millis(50), patience: Duration::from_mins(1) }
    }
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { max_age: Duration::from_hours(21 * 24), code: vec![PathBuf::from("src")] }
    }
}

impl Default for BackfillSettings {
    fn default() -> Self {
        Self {
            batch_size: 20_000,
            target_batch_time: Duration::from_millis(20),
            pause: Duration::ZERO,
            workers: 1,
            max_replica_lag: None,
            health_query: None,
        }
    }
}
