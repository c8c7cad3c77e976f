//! The key by which the rows of a table are read in batches.

/// The key by which the rows of a table are read in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// SQLite's row id, under a name that no column of the table hides.
    RowId(&'static str),
    /// The columns of a unique key, none of them nullable.
    Columns(Vec<KeyColumn>),
    /// PostgreSQL's `ctid`, the physical location of a row, for a table without a key.
    Ctid,
    /// No key: MariaDB shows no physical location of a row.
    None,
}

/// A column of a key, with its type as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// The column's name.
    pub name: String,
    /// Its type, as SQL.
    pub sql_type: String,
}
