//! The names of a table's columns.

/// The names of a table's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The schema that the table is in.
    pub schema: String,
    /// Every physical column, in order.
    pub columns: Vec<String>,
    /// The columns that `*` leaves out: `INVISIBLE` ones, on MariaDB and MySQL.
    pub invisible: Vec<String>,
    /// The columns that an insert by position skips: generated ones, on SQLite.
    pub generated: Vec<String>,
}
