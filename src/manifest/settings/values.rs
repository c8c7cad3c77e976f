use std::path::PathBuf;
use std::time::Duration;

use crate::model::Release;

/// What `handover.yml` says, or else the defaults, which suit production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `folders`: where the files are.
    pub folders: Folders,
    /// `lock`: how to wait for the database's locks.
    pub lock: LockSettings,
    /// `backfill`: how to copy rows.
    pub backfill: BackfillSettings,
    /// `acknowledgement_patience`: how long a migration waits for the instances to acknowledge a
    /// state before it gives up with a refusal (default 30 s).
    pub acknowledgement_patience: Duration,
    /// `required_stops`: releases that an upgrade must not skip, besides those that follow from the
    /// migrations; in order (default: none).
    pub required_stops: Vec<Release>,
    /// `minimum_version`: the earliest release whose database these files can upgrade; set by
    /// `release squash` (default: none, any).
    pub minimum_version: Option<Release>,
    /// `upgrade_budget`: how long one stage may take before a warning says that it is expected to
    /// take longer, 1 s to 30 days (default 30 min).
    pub upgrade_budget: Duration,
    /// `allow`: objects of the database that stand in the way of a rename, and of which somebody has
    /// found that they may stay as they are (default: none).
    pub allow: Vec<String>,
    /// `rehearse.prepare`: SQL, relative to the project's root, that makes what no migration makes, in
    /// a scratch database that begins with nothing (default: none).
    pub prepare: Option<PathBuf>,
    /// `check`: what `handover check` looks at besides the migrations.
    pub check: CheckSettings,
}

/// What `handover check` looks at besides the migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// `max_age`: how old a file in `unreleased/` may be before a warning, 1 day to 10 years
    /// (default 3 weeks).
    pub max_age: Duration,
    /// `code`: the folders with the app's code, in which a column's former name is looked for
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

/// How to wait for the database's locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockSettings {
    /// `timeout`: how long one attempt waits, and so may hold up the app's statements, 1 ms to
    /// 60 s (default 50 ms).
    pub timeout: Duration,
    /// `patience`: how long attempts go on before the stage fails (default 60 s).
    pub patience: Duration,
}

/// How to copy rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillSettings {
    /// `batch_size`: rows in one transaction at most, 1 to 1 000 000 (default 20 000).
    pub batch_size: u32,
    /// `target_batch_time`: how long a batch is to take, and so a writer of one of its rows to wait,
    /// 1 ms to 60 s. The batches grow and shrink to that, between 100 rows and `batch_size`
    /// (default 20 ms: the trips between batches cost a few percent of the copy).
    pub target_batch_time: Duration,
    /// `pause`: rest between two batches (default 0 ms).
    pub pause: Duration,
    /// `workers`: batches at the same time, 1 to 16; more than one on PostgreSQL only (default 1).
    pub workers: u32,
    /// `max_replica_lag`: the copy waits while a replica is further behind, 1 ms to 1 day;
    /// PostgreSQL only (default: it does not look).
    pub max_replica_lag: Option<Duration>,
    /// `health_query`: SQL that gives one value, by which the copy waits unless it is true
    /// (default: none).
    pub health_query: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            folders: Folders::default(),
            lock: LockSettings::default(),
            backfill: BackfillSettings::default(),
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
