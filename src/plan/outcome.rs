use super::Refusal;
use crate::model::{Deploy, Release, Stage};
use crate::releases::{Migration, OrmMigration};

/// The input of a plan that the user chooses, and the project's settings for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The app's release.
    pub version: Release,
    /// The migrations that are asked for.
    pub phase: Phase,
    /// True if the user declares that no app process is running.
    pub offline: bool,
    /// True if values that a contract keeps aside may be deleted by the release that has put them there.
    pub purge_at_once: bool,
    /// True if the user goes on although sessions without the shim are connected.
    pub any_session: bool,
    /// True if migrations in `unreleased/` run too, after the released ones, as if they belonged to
    /// the app's release. Otherwise they wait for a release.
    pub allow_unreleased: bool,
    /// The releases that an upgrade must not skip, as the project's settings declare them.
    pub stops: Vec<Release>,
    /// The release up to which migrations have been squashed into the schema dump.
    pub minimum: Option<Release>,
    /// The release of each slot that is reserved for a migration that moves to an older line.
    pub slots: Vec<Release>,
    /// The migrations of the app's `Migrator` of sea-orm-migration that have not run, in its order.
    pub orm_migrations: Vec<OrmMigration>,
    /// True if the database was empty when the run began: no app has ever used it.
    pub began_empty: bool,
}

/// The migrations that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Those that run before the release's code is rolled out.
    Pre,
    /// Those that run after every process has the release.
    Post,
    /// Both.
    All,
}

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

impl Phase {
    /// Returns true if this phase includes migrations that run at this time.
    #[must_use]
    pub const fn includes(self, deploy: Deploy) -> bool {
        matches!(
            (self, deploy),
            (Self::All, _) | (Self::Pre, Deploy::Pre) | (Self::Post, Deploy::Post)
        )
    }
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
