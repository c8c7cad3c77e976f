use std::time::Duration;

use super::blocker::Blocker;
use crate::model::{ChangeName, Instance, Release, Stage, State};
use crate::plan::Overrun;

/// Something that a run tells while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A migration that is about to run is expected to take longer than an upgrade may.
    Overrun(Overrun),
    /// A migration begins.
    Started {
        /// The change, or the name of a plain SQL migration.
        name: String,
        /// The stage; none for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// Whether an interrupted run is taken up again.
        resumed: bool,
        /// Whether it is being undone.
        undo: bool,
    },
    /// A step of a stage begins.
    Step {
        /// The change.
        change: ChangeName,
        /// What is done, as words.
        what: String,
    },
    /// A batch was copied.
    Copied {
        /// The change.
        change: ChangeName,
        /// Rows looked at so far.
        rows: u64,
        /// Rows in all, as far as the database knew at the start.
        estimated: u64,
    },
    /// A copy waits between two batches.
    Held {
        /// The change.
        change: ChangeName,
        /// Why, as words.
        why: String,
    },
    /// Something is done in another way than it was asked for.
    Warning {
        /// What, as words.
        what: String,
    },
    /// The fleet has to acknowledge something first.
    Waiting {
        /// The instances that have not.
        instances: Vec<Instance>,
    },
    /// A step waits for a lock.
    Blocked {
        /// Those who hold it.
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
        /// The stage; none for plain SQL.
        stage: Option<Stage>,
        /// Its release.
        release: Release,
        /// How long it took in this run.
        took: Duration,
        /// Whether it was undone.
        undo: bool,
    },
}

/// Is told what a run does.
pub trait Observer: Sync {
    /// Takes note of an event.
    fn event(&self, event: Event);
}

/// Takes no note of anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _event: Event) {}
}
