//! The differences between a database and its records, in words.

use std::path::PathBuf;

use crate::model::{ChangeName, Identifier, Release, Stage, State, TableName};

/// A difference between the database and its records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A migration was interrupted; until it is finished, its table may be in between.
    #[error("{}migration `{name}`{} has begun and is not finished", if *undoing { "the rollback of " } else { "" }, stage.map(|stage| format!(", {stage},")).unwrap_or_default())]
    Unfinished {
        /// Its change or name.
        name: String,
        /// The stage; `None` for plain SQL.
        stage: Option<Stage>,
        /// True if its rollback was interrupted.
        undoing: bool,
    },
    /// The file of a migration has changed since it ran.
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
        /// True if it exists.
        there: bool,
        /// True if it is the only one of the two columns that the change is about.
        alone: bool,
        /// True if the change never ran here: `db init` was told that the database has it.
        noted: bool,
    },
    /// The guard is off though it should be on, or on though it should be off.
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
        /// True if it is on.
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
        /// The thing that it lacks, in words.
        lack: String,
    },
}

impl Finding {
    /// The next thing to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unfinished { undoing: true, .. } => "handover db rollback".to_owned(),
            Self::Unfinished { undoing: false, .. } => "handover db migrate".to_owned(),
            Self::Edited { path, .. } => {
                format!("restore it: `git checkout -- {}`", path.display())
            }
            Self::Gone { .. } => "restore the file from version control".to_owned(),
            Self::Guard { there: false, .. } | Self::Lacks { .. } => {
                "somebody changed it by hand: undo the stage and run it again, with `handover db \
                 rollback`, then `handover db migrate`"
                    .to_owned()
            }
            Self::Column { noted: true, .. } => {
                "the release that `db init` was given does not fit the database: `handover db init \
                 --baseline RELEASE` corrects it, as long as nothing has run since"
                    .to_owned()
            }
            Self::Column { there: true, alone: true, .. } => {
                "do not drop it: it is the only one of the two columns, so it has the data"
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
