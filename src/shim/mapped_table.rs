//! A table with a renamed column. Pure.

use super::mapped_column::MappedColumn;
use crate::database::Dialect;
use crate::model::{Identifier, State, TableName};

/// A table with at least one renamed column.
#[derive(Debug, Clone)]
pub struct MappedTable {
    /// The table. Without a schema, it is in the connection's default schema.
    pub table: TableName,
    /// The schemas in which `table` also counts as this table when the SQL text names one
    /// explicitly (PostgreSQL: the default schema's name, such as `public`; SQLite: `main`).
    pub default_schema: Option<String>,
    /// Every physical column in table order, as the catalog stores the names. Empty if the columns
    /// are not known; then `*` and inserts by position are errors.
    pub physical: Vec<String>,
    /// The physical columns that neither `*` nor an insert by position includes: the `INVISIBLE`
    /// columns of MariaDB and MySQL.
    pub invisible: Vec<String>,
    /// The generated columns that an insert by position skips, as SQLite does.
    pub generated: Vec<String>,
    /// The renamed columns.
    pub columns: Vec<MappedColumn>,
    /// True if one of them may get its other name at any moment.
    pub unsettled: bool,
    /// The physical columns that `*` and an insert by position do not know of, because the code does
    /// without them.
    pub hidden: Vec<Identifier>,
    /// The names of dropped columns, which are in the table no more.
    pub gone: Vec<Identifier>,
}

impl MappedTable {
    /// Finds a renamed column by any of its names, given as the catalog would store it.
    #[must_use]
    pub fn column(&self, dialect: Dialect, name: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|column| {
            [&column.from, &column.to]
                .into_iter()
                .chain(&column.aliases)
                .any(|own| dialect.same_column(own.as_str(), name))
        })
    }

    /// Adds a column. If a rename begins with the name that a finished rename ended with, the names
    /// of the finished one become aliases of the later one, whose state says where the column is.
    pub(super) fn add(&mut self, mut column: MappedColumn) {
        let finished_into = |earlier: &MappedColumn, later: &MappedColumn| {
            earlier.state == State::Contracted
                && (earlier.to == later.from || later.aliases.contains(&earlier.to))
        };
        let into = self.columns.iter().position(|later| finished_into(&column, later));
        if let Some(mut later) = into.map(|at| self.columns.remove(at)) {
            later.aliases.push(column.from);
            later.aliases.append(&mut column.aliases);
            column = later;
        }
        while let Some(at) = self.columns.iter().position(|other| finished_into(other, &column)) {
            let earlier = self.columns.remove(at);
            column.aliases.push(earlier.from);
            column.aliases.extend(earlier.aliases);
        }
        self.columns.push(column);
    }
}
