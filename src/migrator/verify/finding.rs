use std::path::PathBuf;

use crate::model::{ChangeName, Identifier, Release, Stage, State, TableName};

/// Something that is not as the database records it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A migration was cut short; until it goes on, its table may be in between.
    #[error("migration `{name}`{} has begun and is not finished", stage.map(|stage| format!(", {stage},")).unwrap_or_default())]
    Unfinished {
        /// Its change or name.
        name: String,
        /// The stage; none for plain SQL.
        stage: Option<Stage>,
    },
    /// A migration that ran has another file now.
    #[error("`{}` has changed since it ran (recorded checksum `{recorded}`, found `{found}`)", path.display())]
    Edited {
        /// The file.
        path: PathBuf,
        /// The checksum when it ran.
        recorded: String,
        /// The checksum now.
        found: String,
    },
    /// A migration that ran has no file any more.
    #[error("migration `{id}_{name}` of release {release} ran, but its file is gone")]
    Gone {
        /// The migration.
        id: u64,
        /// Its change or name.
        name: String,
        /// Its release.
        release: Release,
    },
    /// The table of a change is not there.
    #[error("change `{change}` is in state `{state}`, but there is no table `{table}`")]
    NoTable {
        /// The change.
        change: ChangeName,
        /// Its state.
        state: State,
        /// The table.
        table: TableName,
    },
    /// A column is not there, or is there and should not be.
    #[error("change `{change}` is in state `{state}`, but `{table}` has {} column `{column}`", if *there { "a" } else { "no" })]
    Column {
        /// The change.
        change: ChangeName,
        /// Its state.
        state: State,
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// Whether it is there.
        there: bool,
    },
    /// The guard is off, or on and should not be.
    #[error("change `{change}` is in state `{state}`, but the guard of `{table}.{column}` is {}", if *there { "on" } else { "off" })]
    Guard {
        /// The change.
        change: ChangeName,
        /// Its state.
        state: State,
        /// The table.
        table: TableName,
        /// The column.
        column: Identifier,
        /// Whether it is on.
        there: bool,
    },
    /// The copy lacks something that the column has.
    #[error(
        "change `{change}` is in state `{state}`, but `{table}.{column}` lacks what `{source_column}` has: {lack}"
    )]
    Lacks {
        /// The change.
        change: ChangeName,
        /// Its state.
        state: State,
        /// The table.
        table: TableName,
        /// The copy.
        column: Identifier,
        /// The column.
        source_column: Identifier,
        /// What it lacks, in words.
        lack: String,
    },
}

impl Finding {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unfinished { .. } => "handover db migrate".to_owned(),
            Self::Edited { path, .. } => {
                format!("restore it: `git checkout -- {}`", path.display())
            }
            Self::Gone { .. } => "restore the file from version control".to_owned(),
            Self::Guard { there: false, .. } | Self::Lacks { .. } => {
                "somebody changed it by hand: go back a stage and forth again, `handover db \
                 rollback`, then `handover db migrate`"
                    .to_owned()
            }
            Self::Guard { there: true, .. } | Self::Column { there: true, .. } => {
                "drop it by hand, if nothing uses it".to_owned()
            }
            Self::NoTable { .. } | Self::Column { there: false, .. } => {
                "restore it from a backup, or correct what handover_changes records".to_owned()
            }
        }
    }
}
