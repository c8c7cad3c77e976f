use std::fmt;

use super::course::Course;
use super::{ChangeName, ColumnPair, drop_column, rename, rename_in_place};
use crate::model::TableName;

/// One intended schema change; its stages are spread over releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The stable id.
    pub name: ChangeName,
    /// The kind of change, with its tables and columns.
    pub kind: ChangeKind,
}

impl Change {
    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        self.kind.columns()
    }

    /// The stages and states of its kind.
    #[must_use]
    pub const fn course(&self) -> &'static Course {
        self.kind.course()
    }
}

/// The kinds of change: the one list of them. Each has a file of its name in this folder, and a
/// folder or file of its name on each floor that handles changes (see ARCHITECTURE.md, "Adding a kind
/// of change").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// A column is renamed by copying it.
    Rename(ColumnPair),
    /// A column itself is renamed.
    RenameInPlace(ColumnPair),
    /// A column is dropped. Until its values are deleted, it has the pair's second name.
    Drop(ColumnPair),
}

impl ChangeKind {
    /// The key of each kind, in files and in the database.
    pub const KEYS: [&'static str; 3] = ["rename", "rename_in_place", "drop"];

    /// The course that has every stage.
    pub const FULL_COURSE: &'static Course = &rename::BY_COPY;

    /// The key of this kind.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Rename(_) => "rename",
            Self::RenameInPlace(_) => "rename_in_place",
            Self::Drop(_) => "drop",
        }
    }

    /// The kind with this key; `None` if there is no such kind.
    #[must_use]
    pub fn of_key(key: &str, rename: ColumnPair) -> Option<Self> {
        match key {
            "rename" => Some(Self::Rename(rename)),
            "rename_in_place" => Some(Self::RenameInPlace(rename)),
            "drop" => Some(Self::Drop(rename)),
            _ => None,
        }
    }

    /// The stages and states of the kind with this key; `None` if there is no such kind.
    #[must_use]
    pub fn course_of(key: &str) -> Option<&'static Course> {
        match key {
            "rename" => Some(&rename::BY_COPY),
            "rename_in_place" => Some(&rename_in_place::IN_PLACE),
            "drop" => Some(&drop_column::DROP),
            _ => None,
        }
    }

    /// The stages and states of this kind.
    #[must_use]
    pub const fn course(&self) -> &'static Course {
        match self {
            Self::Rename(_) => &rename::BY_COPY,
            Self::RenameInPlace(_) => &rename_in_place::IN_PLACE,
            Self::Drop(_) => &drop_column::DROP,
        }
    }

    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        match self {
            Self::Rename(pair) | Self::RenameInPlace(pair) | Self::Drop(pair) => pair,
        }
    }

    /// The same change of a table with this name.
    #[must_use]
    pub fn with_table(&self, table: TableName) -> Self {
        let mut same = self.clone();
        match &mut same {
            Self::Rename(pair) | Self::RenameInPlace(pair) | Self::Drop(pair) => pair.table = table,
        }
        same
    }
}

/// As `users.username -> handle`, with `, in place` behind it for a rename in place; and as
/// `users.nickname, dropped`.
impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename(rename) => rename.fmt(f),
            Self::RenameInPlace(rename) => write!(f, "{rename}, in place"),
            Self::Drop(pair) => write!(f, "{}.{}, dropped", pair.table, pair.from),
        }
    }
}
