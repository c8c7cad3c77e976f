use std::fmt;
use std::path::PathBuf;

use super::Instance;
use crate::model::{ChangeName, Release, Stage};

/// A gate's "no". Shown as one sentence; [`hint`](Self::hint) is the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The database has run migrations of a later release than the app's.
    Downgrade {
        /// The latest release that the database has migrations of.
        database: Release,
        /// The app's release.
        version: Release,
    },
    /// The rollback of a migration began and has not ended.
    Undoing {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage; none for plain SQL.
        stage: Option<Stage>,
        /// The migration's release.
        release: Release,
    },
    /// There are migrations that belong to no release.
    Unreleased {
        /// Their files.
        paths: Vec<PathBuf>,
    },
    /// `--offline` was given, but app processes are running.
    Live {
        /// Those processes.
        instances: Vec<Instance>,
    },
    /// The stage before this one has not ended.
    Order {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The stage that it waits for.
        missing: Stage,
    },
    /// Running processes have not reached the stage's release.
    Fleet {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage that waits; none for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// The processes that it waits for.
        waiting: Vec<Instance>,
    },
    /// Running processes have not acknowledged the change's state.
    Acknowledge {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The epoch to be acknowledged.
        epoch: u64,
        /// The processes that it waits for.
        waiting: Vec<Instance>,
    },
    /// The backfill ended under a release that is not earlier than the app's, and no running
    /// process proves that reads have moved: the upgrade skipped a release.
    RequiredStop {
        /// The change.
        change: ChangeName,
        /// The stage that waits: the contract.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The release that has to run everywhere first.
        stop: Release,
    },
}

impl Refusal {
    /// Whether the gate may open by waiting alone.
    #[must_use]
    pub const fn passes_by_waiting(&self) -> bool {
        matches!(self, Self::Fleet { .. } | Self::Acknowledge { .. } | Self::Live { .. })
    }

    /// The way out: one command to type next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        None
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
