//! The kinds of change: the one list of them.

use std::fmt;

use super::course::Course;
use super::{ColumnPair, Retype, Specification, drop_column, rename, rename_in_place, retype};
use crate::model::{Stage, TableName};

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
    /// A column gets another type.
    Retype(Retype),
}

impl ChangeKind {
    /// The key of each kind, in files and in the database.
    pub const KEYS: [&'static str; 4] = ["rename", "rename_in_place", "drop", "retype"];

    /// The course that has every stage.
    pub const FULL_COURSE: &'static Course = &rename::BY_COPY;

    /// The key of this kind.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Rename(_) => "rename",
            Self::RenameInPlace(_) => "rename_in_place",
            Self::Drop(_) => "drop",
            Self::Retype(_) => "retype",
        }
    }

    /// The kind with this key, of these columns; `specification` has what only some kinds have. `None` if
    /// there is no such kind, or if it needs a specification and there is none.
    #[must_use]
    pub fn of_key(
        key: &str,
        columns: ColumnPair,
        specification: Option<Specification>,
    ) -> Option<Self> {
        match key {
            "rename" => Some(Self::Rename(columns)),
            "rename_in_place" => Some(Self::RenameInPlace(columns)),
            "drop" => Some(Self::Drop(columns)),
            "retype" => {
                let Specification { sql_type, expressions } = specification?;
                Some(Self::Retype(Retype { columns, sql_type, expressions }))
            }
            _ => None,
        }
    }

    /// What only some kinds have, beside the columns.
    #[must_use]
    pub fn specification(&self) -> Option<Specification> {
        let Retype { sql_type, expressions, .. } = self.retype()?.clone();
        Some(Specification { sql_type, expressions })
    }

    /// The stages and states of the kind with this key; `None` if there is no such kind.
    #[must_use]
    pub fn course_of(key: &str) -> Option<&'static Course> {
        match key {
            "rename" => Some(&rename::BY_COPY),
            "rename_in_place" => Some(&rename_in_place::IN_PLACE),
            "drop" => Some(&drop_column::DROP),
            "retype" => Some(&retype::BY_CONVERSION),
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
            Self::Retype(_) => &retype::BY_CONVERSION,
        }
    }

    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        match self {
            Self::Rename(pair) | Self::RenameInPlace(pair) | Self::Drop(pair) => pair,
            Self::Retype(retype) => &retype.columns,
        }
    }

    /// The stage up to which this change needs a column that another one uses, too; `None` if it shares
    /// none. A column that is kept aside has its second name until it is purged.
    #[must_use]
    pub fn needs_until(&self, other: &ColumnPair) -> Option<Stage> {
        let own = self.columns();
        if !own.shares_column(other) {
            return None;
        }
        let is_kept = own.shares_second(other);
        self.course().stages().rfind(|stage| is_kept || *stage <= Stage::Contract)
    }

    /// The type, and the expressions, if this kind changes the type of a column.
    #[must_use]
    pub const fn retype(&self) -> Option<&Retype> {
        match self {
            Self::Rename(_) | Self::RenameInPlace(_) | Self::Drop(_) => None,
            Self::Retype(retype) => Some(retype),
        }
    }

    /// The same change of a table with this name.
    #[must_use]
    pub fn with_table(&self, table: TableName) -> Self {
        let mut same = self.clone();
        match &mut same {
            Self::Rename(pair) | Self::RenameInPlace(pair) | Self::Drop(pair) => pair.table = table,
            Self::Retype(retype) => retype.columns.table = table,
        }
        same
    }
}

/// As `users.username -> handle`, with `, in place` behind it for a rename in place; and as
/// `users.nickname, dropped`, or `users.age to bigint`. The alternate form (`{:#}`) has all that its files
/// say: `users.nickname, dropped by way of nickname_dropped`.
impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename(rename) => rename.fmt(f),
            Self::RenameInPlace(rename) => write!(f, "{rename}, in place"),
            Self::Drop(pair) => {
                write!(f, "{}.{}, dropped", pair.table, pair.from)?;
                if f.alternate() { write!(f, " by way of {}", pair.to) } else { Ok(()) }
            }
            Self::Retype(retype) => {
                retype.fmt(f)?;
                if f.alternate() { retype.fmt_way(f) } else { Ok(()) }
            }
        }
    }
}
