use foldhash::HashMap;

use crate::model::{ChangeRecord, MigrationRecord, MigrationStatus, Release, Stage};

/// What the database records: which migrations ran, and how far each change has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The migrations that began, in any order.
    pub migrations: Vec<MigrationRecord>,
    /// The changes, in any order.
    pub changes: Vec<ChangeRecord>,
    /// The latest release of which, with all before it, everything has run.
    pub reached: Option<Release>,
    /// The release whose schema the database had before any migration.
    pub baseline: Option<Release>,
    /// It has tables, and was not initialised: it is not known which release they are of.
    pub uninitialised: bool,
}

impl History {
    /// Gives the checksum of a migration that is done: its file need not be parsed again by
    /// [`Releases::load`](crate::releases::Releases::load).
    pub fn applied_checksums<'h>(&'h self) -> impl Fn(u64) -> Option<&'h str> {
        let done =
            self.migrations.iter().filter(|migration| migration.status == MigrationStatus::Done);
        let checksums: HashMap<_, _> =
            done.map(|entry| (entry.id, entry.checksum.as_str())).collect();
        move |id| checksums.get(&id).copied()
    }

    /// The entry of a migration.
    #[must_use]
    pub fn entry(&self, id: u64) -> Option<&MigrationRecord> {
        self.migrations.iter().find(|migration| migration.id == id)
    }

    /// The entry of a stage of a change.
    #[must_use]
    pub fn stage(&self, change: &str, stage: Stage) -> Option<&MigrationRecord> {
        self.migrations.iter().find(|entry| {
            entry.stage == Some(stage)
                && entry.change.as_ref().is_some_and(|name| name.as_str() == change)
        })
    }

    /// How far a change has come.
    #[must_use]
    pub fn change(&self, name: &str) -> Option<&ChangeRecord> {
        self.changes.iter().find(|record| record.name.as_str() == name)
    }
}
