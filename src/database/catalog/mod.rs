//! What the database's own catalog says of a table.

mod column;
mod look;
mod postgres;
mod sqlite;

pub use column::{Column, Definition, Index, IndexColumn, Key, KeyColumn, Table};
pub use look::{columns, has_tables, table};
