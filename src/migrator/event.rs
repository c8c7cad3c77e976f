//! What a run reports while it works.

use std::time::Duration;

use super::blocker::Blocker;
use crate::model::{ChangeName, Instance, Release, Session, Stage, State};
use crate::plan::Overrun;

/// Something that a run reports while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A migration that is about to run is expected to take longer than an upgrade may.
    Overrun(Overrun),
    /// A migration begins.
    Started {
        /// The change, or the name of a plain SQL migration.
        name: String,
        /// The stage; `None` for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// True if an interrupted run resumes.
        resumed: bool,
        /// True if it is being undone.
        undo: bool,
    },
    /// A step of a stage begins.
    Step {
        /// The change.
        change: ChangeName,
        /// The step, in words.
        what: String,
    },
    /// A batch was copied.
    Copied {
        /// The change.
        change: ChangeName,
        /// Rows that were looked at so far.
        rows: u64,
        /// All rows, as estimated by the database at the start.
        estimated: u64,
    },
    /// A copy waits between two batches.
    Held {
        /// The change.
        change: ChangeName,
        /// The reason, in words.
        why: String,
    },
    /// Something is done differently than it was asked for.
    Warning {
        /// The difference, in words.
        what: String,
    },
    /// The run waits for app processes.
    Waiting {
        /// The processes that it waits for.
        instances: Vec<Instance>,
        /// The sessions without the shim that it waits for.
        sessions: Vec<Session>,
    },
    /// A step waits for a lock.
    Blocked {
        /// The sessions that hold it.
        by: Vec<Blocker>,
    },
    /// A change has entered another state.
    Entered {
        /// The change.
        change: ChangeName,
        /// The state.
        state: State,
        /// Its epoch.
        epoch: u64,
    },
    /// A migration is finished.
    Finished {
        /// The change, or the name of a plain SQL migration.
        name: String,
        /// The stage; `None` for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// How long it took in this run.
        took: Duration,
        /// True if it was undone.
        undo: bool,
    },
}

/// Receives the events of a run.
pub trait Observer: Sync {
    /// Receives an event.
    fn event(&self, event: Event);
}

/// Ignores all events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _event: Event) {}
}
