//! What a database records of migrations, changes and app processes.

use std::fmt;

use super::{
    AppName, Change, ChangeKind, ChangeName, ColumnPair, ComputedDefault, Conversion, Release,
    Stage, State,
};

/// A migration that has begun to run on a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationRecord {
    /// The file's id.
    pub id: u64,
    /// The change's id, or the name of another migration.
    pub slug: String,
    /// The change that it is a stage of; `None` for plain SQL and Rust functions.
    pub change: Option<ChangeName>,
    /// The stage; `None` for plain SQL and Rust functions.
    pub stage: Option<Stage>,
    /// The release that it belonged to when it ran.
    pub release: Release,
    /// The checksum of its file when it ran.
    pub checksum: String,
    /// The app's release when it ran.
    pub app_version: Release,
    /// Its progress.
    pub status: MigrationStatus,
    /// Its number in the sequence in which migrations began.
    pub run_order: i64,
    /// The time at which it began, in milliseconds since 1970 by the database's clock.
    pub started_at: i64,
    /// The time at which it finished, by the same clock; `None` if it has not finished.
    pub finished_at: Option<i64>,
}

/// The progress of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MigrationStatus {
    /// It has begun. If no runner is at work, it was interrupted, and running it again resumes it.
    Running,
    /// It has finished.
    Done,
    /// Its rollback has begun and has not finished.
    Undoing,
}

/// The progress of a change in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRecord {
    /// The change's id.
    pub name: ChangeName,
    /// The app whose migrations it belongs to; `None` for an app without a name.
    pub app: Option<AppName>,
    /// The kind, with its table and columns, so that code from before the change knows about it too.
    pub kind: ChangeKind,
    /// The release of the expand stage: code from that release on uses the name `to`.
    pub expand_release: Release,
    /// The state.
    pub state: State,
    /// The epoch in which this state began.
    pub epoch: u64,
    /// The column's default, if it gives a different value each time.
    pub computed_default: Option<ComputedDefault>,
    /// The conversion between the two types, if the column gets another type.
    pub conversion: Option<Conversion>,
}

/// One registered app process; shown as `host:pid at release`, with the name of its app if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Unique to one start of a process. If the app has a name, it ends with `/` and the name.
    pub id: String,
    /// The app; `None` for an app without a name.
    pub app: Option<AppName>,
    /// The host that it runs on.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// The release of its code.
    pub release: Release,
    /// The epoch that it has acknowledged: nothing in the process uses an earlier mapping any more.
    pub acknowledged: u64,
    /// True if its lease has not expired.
    pub live: bool,
    /// The changes of other apps that its code has followed, as it says.
    pub followed: Vec<ChangeName>,
}

impl ChangeRecord {
    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        self.kind.columns()
    }

    /// The change.
    #[must_use]
    pub fn change(&self) -> Change {
        Change { name: self.name.clone(), kind: self.kind.clone() }
    }
}

impl MigrationStatus {
    const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Undoing];

    /// The word used in the database and in `--json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
        }
    }

    /// Reads the word that [`as_str`](Self::as_str) gives.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.pid)?;
        if let Some(app) = &self.app {
            write!(f, " of {app}")?;
        }
        write!(f, " at {}", self.release)
    }
}
