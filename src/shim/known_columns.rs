//! The columns of tables without a renamed column, as far as the database was asked for them. Pure.

use std::collections::HashMap;

use crate::model::TableName;

/// The columns of tables without a renamed column, as far as the database was asked for them. With
/// them the rewriter binds a bare name that could be a column of such a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownColumns(HashMap<TableName, TableColumns>);

/// The columns of one table or view, as the catalog stores the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableColumns {
    /// Every column that a statement can name.
    pub names: Vec<String>,
    /// The ones of these that `*` leaves out.
    pub unlisted: Vec<String>,
}

impl KnownColumns {
    /// Returns the columns of the table that a statement names so, folded. `None` if the database was
    /// not asked.
    #[must_use]
    pub fn get(&self, table: &TableName) -> Option<&TableColumns> {
        self.0.get(table)
    }

    /// Adds a table under the name by which statements name it, folded.
    pub fn insert(&mut self, table: TableName, columns: TableColumns) {
        self.0.insert(table, columns);
    }

    /// Returns true if no table is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns every known table.
    pub fn tables(&self) -> impl Iterator<Item = (&TableName, &TableColumns)> {
        self.0.iter()
    }
}
