//! A plan: the migrations that run, those that are refused, and those that wait.

use super::Refusal;
use crate::model::{Release, Stage};
use crate::releases::Migration;

/// The migrations to run now, and the reasons why others do not run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The migrations that may run, in this order.
    pub run: Vec<Planned>,
    /// The reasons why others may not run.
    pub refused: Vec<Refusal>,
    /// The migrations that were not asked for, that come after a refused one, or whose release the
    /// app has not reached.
    pub later: Vec<Later>,
}

impl Plan {
    /// Returns true if nothing is left to run for the app's release: the database has reached it. Values
    /// that are kept for longer are in nobody's way.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let waits = |later: &Later| matches!(later.reason, Reason::Phase | Reason::Blocked);
        self.run.is_empty() && self.refused.is_empty() && !self.later.iter().any(waits)
    }
}

/// A migration that may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The migration.
    pub migration: Migration,
    /// The release that it runs for.
    pub release: Release,
    /// True if it began in an earlier run and is to be resumed.
    pub resumed: bool,
    /// The id of the planned migration that it depends on: its gates are decided again after that
    /// one.
    pub after: Option<u64>,
}

/// A migration that is to run later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The migration's id.
    pub id: u64,
    /// Its change or name.
    pub slug: String,
    /// The stage; `None` for what is not a stage of a change.
    pub stage: Option<Stage>,
    /// Its stage, `sql`, `rust` or `sea-orm`.
    pub word: &'static str,
    /// Its release; `None` if it is unreleased.
    pub release: Option<Release>,
    /// The reason why it waits.
    pub reason: Reason,
}

/// The reason why a migration waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The app's version has not reached its release.
    Release,
    /// It is in `unreleased/`: it waits for a release to be cut.
    Unreleased,
    /// Its phase was not asked for.
    Phase,
    /// A refused migration comes before it.
    Blocked,
    /// The values that it deletes were put aside by the same release of the app: they are kept until the
    /// next one.
    Kept,
}

impl Later {
    /// Makes the entry of a migration that waits.
    #[must_use]
    pub fn of(migration: &Migration, reason: Reason) -> Self {
        Self {
            id: migration.id,
            slug: migration.slug.clone(),
            stage: migration.stage(),
            word: migration.word(),
            release: migration.release.clone(),
            reason,
        }
    }
}
