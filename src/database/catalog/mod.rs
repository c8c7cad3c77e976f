//! What the database's own catalog says of a table.

mod column;
mod default;
mod look;
mod mysql;
mod mysql_dependents;
mod postgres;
mod sqlite;
mod sqlite_conflict;
pub mod uses;

pub use column::{Column, Definition, Index, IndexColumn, Key, KeyColumn, Table};
pub(crate) use default::stands_alone;
pub use look::{Listed, columns, estimate_rows, has_tables, listed, table, tables};
