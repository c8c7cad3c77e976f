//! The data that the migrations are checked against.

use crate::manifest::{SchemaDump, Settings};
use crate::model::Release;
use crate::releases::Migration;

/// The data that the migrations are checked against.
#[derive(Debug, Clone)]
pub struct Checks<'a> {
    /// The time now in UTC, `YYYYMMDDHHMMSS`.
    pub now: u64,
    /// The project's settings.
    pub settings: &'a Settings,
    /// The app's release, if it is known.
    pub version: Option<&'a Release>,
    /// The next release, if it was given: migrations in it count as not yet released.
    pub target: Option<&'a Release>,
    /// The project's schema dumps.
    pub dumps: &'a [SchemaDump],
}

impl Checks<'_> {
    /// Returns true if the migration is not yet released.
    pub(super) fn is_open(&self, migration: &Migration) -> bool {
        match (&migration.release, self.target) {
            (None, _) => true,
            (Some(release), Some(target)) => release.gating() == target.gating(),
            (Some(_), None) => false,
        }
    }

    /// The release that the code has reached.
    pub(super) fn reached(&self) -> Option<&Release> {
        self.target.or(self.version)
    }
}
