//! The pair of columns that every change has.

use std::fmt;

use crate::model::{Identifier, TableName};

/// The two columns of a change: the one before it, and the one after it. In a rename, these are the two
/// names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnPair {
    /// The table.
    pub table: TableName,
    /// The column before the change.
    pub from: Identifier,
    /// The column after the change.
    pub to: Identifier,
}

impl ColumnPair {
    /// Returns true if both pairs have the same column of the same table. Where the files cannot
    /// tell (the names differ only in case, or only one of them names a schema), returns true.
    #[must_use]
    pub fn shares_column(&self, other: &Self) -> bool {
        [&self.from, &self.to].iter().any(|column| self.shares(column, other))
    }

    /// Returns true if both pairs have the second column of this one, as far as the files can tell.
    #[must_use]
    pub fn shares_second(&self, other: &Self) -> bool {
        self.shares(&self.to, other)
    }

    fn shares(&self, column: &Identifier, other: &Self) -> bool {
        let same =
            |a: &Identifier, b: &Identifier| a.as_str().to_lowercase() == b.as_str().to_lowercase();
        let schema = match (&self.table.schema, &other.table.schema) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
        schema
            && same(&self.table.name, &other.table.name)
            && (same(column, &other.from) || same(column, &other.to))
    }
}

impl fmt::Display for ColumnPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} -> {}", self.table, self.from, self.to)
    }
}
