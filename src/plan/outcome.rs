use super::Refusal;
use crate::model::{Deploy, Release, Stage};
use crate::releases::Migration;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The app's release.
    pub version: Release,
    /// Which migrations.
    pub phase: Phase,
    /// The user declares that no app process is running.
    pub offline: bool,
    /// Migrations in `unreleased/` run too, after the released ones, as if they were of the app's
    /// release. Otherwise they wait for a release.
    pub allow_unreleased: bool,
    /// The releases that an upgrade must not skip, as the project's settings declare them.
    pub stops: Vec<Release>,
    /// The release up to which migrations have been squashed into the schema dump.
    pub minimum: Option<Release>,
    /// For each slot that is reserved for what moves to an older line: the release that it is in.
    pub slots: Vec<Release>,
}

/// Which migrations are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Those that run before the release's code is rolled out.
    Pre,
    /// Those that run after every process has the release.
    Post,
    /// Both.
    All,
}

/// What to run now, and what not and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What may run, in this order.
    pub run: Vec<Planned>,
    /// Why others may not.
    pub refused: Vec<Refusal>,
    /// What was not asked for, or whose release the app has not reached.
    pub later: Vec<Later>,
}

impl Plan {
    /// Whether nothing is left that the app's release wants: the database has reached it.
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
    /// It began before and is to be resumed.
    pub resumed: bool,
    /// The migration planned before it that it depends on: its gates are decided again after that.
    pub after: Option<u64>,
}

/// A migration whose time has not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The migration's id.
    pub id: u64,
    /// Its change or name.
    pub slug: String,
    /// The stage; none for plain SQL and Rust functions.
    pub stage: Option<Stage>,
    /// Its stage, `sql` or `rust`.
    pub word: &'static str,
    /// Its release; none while unreleased.
    pub release: Option<Release>,
    /// What it waits for.
    pub reason: Reason,
}

/// What a migration waits for.
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
}

impl Phase {
    /// Whether migrations that run then are asked for.
    #[must_use]
    pub const fn includes(self, deploy: Deploy) -> bool {
        matches!(
            (self, deploy),
            (Self::All, _) | (Self::Pre, Deploy::Pre) | (Self::Post, Deploy::Post)
        )
    }
}

impl Later {
    /// A migration that waits.
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
