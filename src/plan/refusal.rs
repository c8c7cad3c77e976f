//! Why a migration may not run now, and what to do about it.

use std::path::PathBuf;

use crate::model::{AppName, ChangeName, Instance, Release, Session, Stage};

/// A gate's "no". Shown as one sentence; [`hint`](Self::hint) says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The database has tables but has not been initialised for the app.
    Uninitialised {
        /// The app's release.
        version: Release,
        /// The app; `None` for one without a name.
        app: Option<AppName>,
        /// The apps for which it has been initialised; `None` for the one without a name.
        other_apps: Vec<Option<AppName>>,
    },
    /// The database is at an earlier release than the project can still migrate.
    TooOld {
        /// The release that it has reached; `None` if no migration of the project has run.
        database: Option<Release>,
        /// The earliest release that the project can migrate.
        minimum: Release,
    },
    /// The upgrade would skip a required stop.
    Jump {
        /// The release that the database has reached.
        database: Release,
        /// The app's release.
        version: Release,
        /// The stops on the way, in order.
        stops: Vec<Release>,
    },
    /// The database has run migrations of a later release than the app's.
    Downgrade {
        /// The latest release with a migration that the database has run.
        database: Release,
        /// The app's release.
        version: Release,
        /// The number of migrations that would have to be undone.
        steps: usize,
    },
    /// The rollback of a migration began and has not finished.
    Undoing {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage; `None` for plain SQL.
        stage: Option<Stage>,
        /// The migration's release.
        release: Release,
        /// The number of migrations that are still to be undone, this one included.
        left: usize,
    },
    /// An unreleased migration was interrupted.
    Unreleased {
        /// Its file.
        path: PathBuf,
    },
    /// `--offline` was given, but app processes are running.
    Live {
        /// Those processes.
        instances: Vec<Instance>,
    },
    /// The stage before this one has not finished.
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
    /// A post-deploy migration of an earlier release has not run, and this migration was written
    /// for a database on which it has.
    Before {
        /// The change's id, or the name of another migration.
        name: String,
        /// The stage that waits; `None` for another migration.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// The change or migration that it waits for.
        open: String,
        /// The release of the migration that it waits for.
        open_release: Release,
    },
    /// The migration declares that it comes after another one, which is not done.
    After {
        /// The change's id, or the name of another migration.
        name: String,
        /// The stage that waits; `None` for another migration.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// The change or migration that it waits for.
        open: String,
        /// True if that one is in `unreleased/` and will not run before a release is cut.
        unreleased: bool,
    },
    /// A change that uses the same column and comes before, by its releases, is not finished.
    Chain {
        /// The change that waits.
        change: ChangeName,
        /// The stage that waits: the expand.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The change that is not finished.
        open: String,
        /// The stage up to which that change needs the column.
        last: Stage,
        /// The release of that stage.
        until: Release,
    },
    /// Running processes have not reached the stage's release.
    Fleet {
        /// The change's id, or the name of a plain SQL migration.
        name: String,
        /// The stage that waits; `None` for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// The processes that it waits for.
        waiting: Vec<Instance>,
    },
    /// Sessions are connected that no process with the shim accounts for, before the database's first change
    /// has been completed.
    Sessions {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The sessions.
        sessions: Vec<Session>,
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
        /// The number of steps that are left of a rollback; `None` if a migration waits.
        steps_back: Option<usize>,
    },
    /// Running processes were built with an earlier version of handover, which does not know the change.
    Outdated {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// Those processes.
        waiting: Vec<Instance>,
    },
    /// Another run has the database, since this one waited for processes.
    Held,
    /// Somebody has undone migrations while this run waited for processes.
    Undone,
    /// Processes of other apps have not said that their code has followed the change.
    NotFollowed {
        /// The change.
        change: ChangeName,
        /// The stage that waits: the contract.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The processes.
        waiting: Vec<Instance>,
    },
    /// The database has something that the stage cannot carry over, or that keeps it from
    /// beginning.
    Obstructed {
        /// The change.
        change: ChangeName,
        /// The stage that waits.
        stage: Stage,
        /// Its release.
        release: Release,
        /// The reason, as words.
        reason: String,
        /// The command to type next.
        hint: String,
    },
    /// The backfill finished under a release that is not earlier than the app's, and no running
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
    /// Returns true if waiting alone may open the gate.
    #[must_use]
    pub const fn passes_by_waiting(&self) -> bool {
        matches!(
            self,
            Self::Fleet { .. }
                | Self::Sessions { .. }
                | Self::Acknowledge { .. }
                | Self::NotFollowed { .. }
                | Self::Outdated { .. }
                | Self::Live { .. }
        )
    }
}
