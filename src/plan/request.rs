//! What the user asks a plan for.

use crate::model::{Deploy, Release};
use crate::releases::OrmMigration;

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
    /// True if the user goes on although processes of other apps have not followed a change.
    pub any_app: bool,
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
