//! The records of a database, as far as a plan depends on them.

use foldhash::HashMap;

use crate::model::{AppName, ChangeRecord, MigrationRecord, MigrationStatus, Release, Stage};

/// The database's records of the migrations that ran and of the progress of each change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The app that the plan is for; `None` for one without a name.
    pub app: Option<AppName>,
    /// The other apps that migrate the database; `None` for the one without a name.
    pub other_apps: Vec<Option<AppName>>,
    /// The migrations of the app that began, in any order.
    pub migrations: Vec<MigrationRecord>,
    /// The changes of all apps, in any order.
    pub changes: Vec<ChangeRecord>,
    /// The latest release of which every migration has run, and every migration of the releases
    /// before it.
    pub reached: Option<Release>,
    /// The release whose schema the database had before any migration.
    pub baseline: Option<Release>,
    /// True if the database has tables but was not initialised for the app, so that their release is not
    /// known.
    pub uninitialised: bool,
}

impl History {
    /// Returns a function that looks up the checksum of a finished migration by id.
    /// [`Releases::load`](crate::releases::Releases::load) need not parse such a file again.
    pub fn applied_checksums<'h>(&'h self) -> impl Fn(u64) -> Option<&'h str> {
        let done =
            self.migrations.iter().filter(|migration| migration.status == MigrationStatus::Done);
        let checksums: HashMap<_, _> =
            done.map(|entry| (entry.id, entry.checksum.as_str())).collect();
        move |id| checksums.get(&id).copied()
    }

    /// The record of a migration.
    #[must_use]
    pub fn entry(&self, id: u64) -> Option<&MigrationRecord> {
        self.migrations.iter().find(|migration| migration.id == id)
    }

    /// The record of a stage of a change.
    #[must_use]
    pub fn stage(&self, change: &str, stage: Stage) -> Option<&MigrationRecord> {
        self.migrations.iter().find(|entry| {
            entry.stage == Some(stage)
                && entry.change.as_ref().is_some_and(|name| name.as_str() == change)
        })
    }

    /// The record of a change.
    #[must_use]
    pub fn change(&self, name: &str) -> Option<&ChangeRecord> {
        self.changes.iter().find(|record| record.name.as_str() == name)
    }
}
