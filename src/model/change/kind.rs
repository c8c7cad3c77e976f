use std::fmt;

use super::course::Course;
use super::{ChangeName, ColumnPair, rename, rename_in_place};
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
}

impl ChangeKind {
    /// The key of each kind, in files and in the database.
    pub const KEYS: [&'static str; 2] = ["rename", "rename_in_place"];

    /// The course that has every stage.
    pub const FULL_COURSE: &'static Course = &rename::BY_COPY;

    /// The key of this kind.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Rename(_) => "rename",
            Self::RenameInPlace(_) => "rename_in_place",
        }
    }

    /// The kind with this key; `None` if there is no such kind.
    #[must_use]
    pub fn of_key(key: &str, rename: ColumnPair) -> Option<Self> {
        match key {
            "rename" => Some(Self::Rename(rename)),
            "rename_in_place" => Some(Self::RenameInPlace(rename)),
            _ => None,
        }
    }

    /// The stages and states of the kind with this key; `None` if there is no such kind.
    #[must_use]
    pub fn course_of(key: &str) -> Option<&'static Course> {
        match key {
            "rename" => Some(&rename::BY_COPY),
            "rename_in_place" => Some(&rename_in_place::IN_PLACE),
            _ => None,
        }
    }

    /// The stages and states of this kind.
    #[must_use]
    pub const fn course(&self) -> &'static Course {
        match self {
            Self::Rename(_) => &rename::BY_COPY,
            Self::RenameInPlace(_) => &rename_in_place::IN_PLACE,
        }
    }

    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        match self {
            Self::Rename(rename) | Self::RenameInPlace(rename) => rename,
        }
    }

    /// The same change of a table with this name.
    #[must_use]
    pub fn with_table(&self, table: TableName) -> Self {
        let mut same = self.clone();
        match &mut same {
            Self::Rename(rename) | Self::RenameInPlace(rename) => rename.table = table,
        }
        same
    }
}

/// As `users.username -> handle`, with `, in place` behind it for a rename in place.
impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename(rename) => rename.fmt(f),
            Self::RenameInPlace(rename) => write!(f, "{rename}, in place"),
        }
    }
}
