use std::fmt;
use std::str::FromStr;

use foldhash::HashMap;

use crate::model::{ChangeName, Release, Rename, Stage, State};

/// What the database records: which migrations ran, and how far each change has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The migrations that began, in any order.
    pub entries: Vec<Entry>,
    /// The changes, in any order.
    pub changes: Vec<ChangeRecord>,
    /// The latest release of which, with all before it, everything has run.
    pub reached: Option<Release>,
    /// The release whose schema the database had before any migration.
    pub baseline: Option<Release>,
    /// It has tables, but handover's are not among them: nobody has said what release they are of.
    pub unknown: bool,
}

/// One migration that began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The migration's id.
    pub id: u64,
    /// The change; none for plain SQL.
    pub change: Option<ChangeName>,
    /// The stage of the change; none for plain SQL.
    pub stage: Option<Stage>,
    /// The change's id, or the name of a plain SQL migration.
    pub slug: String,
    /// The release that the migration belonged to when it ran.
    pub release: Release,
    /// The checksum of its file when it ran.
    pub checksum: String,
    /// The app's release when it ran.
    pub app_version: Release,
    /// How far it has come.
    pub status: Status,
    /// Its place in the sequence in which migrations began.
    pub order: i64,
}

/// How far a migration has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It began and has not ended; running it again resumes it.
    Running,
    /// It has ended.
    Done,
    /// Its rollback began and has not ended.
    Undoing,
}

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRecord {
    /// The change's id.
    pub name: ChangeName,
    /// What it renames.
    pub rename: Rename,
    /// Its state.
    pub state: State,
    /// The number of that state: every change of state raises it.
    pub epoch: u64,
}

/// A text is none of the words for [`Status`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no status of a migration", text.escape_debug())]
pub struct InvalidStatus {
    /// What was given.
    pub text: String,
}

impl Status {
    /// The word used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Status {
    type Err = InvalidStatus;
    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        [Self::Running, Self::Done, Self::Undoing]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| InvalidStatus { text: text.to_owned() })
    }
}

impl History {
    /// Gives the checksum of a migration that is done: what
    /// [`Releases::load`](crate::releases::Releases::load) need not parse again.
    pub fn known<'h>(&'h self) -> impl Fn(u64) -> Option<&'h str> {
        let done = self.entries.iter().filter(|entry| entry.status == Status::Done);
        let known: HashMap<_, _> = done.map(|entry| (entry.id, entry.checksum.as_str())).collect();
        move |id| known.get(&id).copied()
    }

    /// The entry of a migration.
    #[must_use]
    pub fn entry(&self, id: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entry of a stage of a change.
    #[must_use]
    pub fn stage(&self, change: &str, stage: Stage) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
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
