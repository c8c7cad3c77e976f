//! What the database's own catalog says of a table.

mod column;
mod constraint;
mod default;
mod expression;
mod identity;
mod index;
mod look;
mod mysql;
mod mysql_constraints;
mod mysql_dependents;
mod postgres;
mod property;
mod sqlite;
mod sqlite_conflict;
mod sqlite_index;
pub mod uses;

pub use column::{Column, Definition, Key, KeyColumn, Table};
pub use constraint::{Constraint, ConstraintRule, Statistics};
pub(crate) use default::stands_alone;
pub use expression::{Unreadable, same as same_expression, with_column};
pub use identity::Identity;
pub use index::{Index, IndexColumn};
pub use look::{Listed, columns, estimate_rows, has_tables, listed, table, tables};
pub(crate) use postgres::NOT_NULL_CHECK;
pub use property::Property;
