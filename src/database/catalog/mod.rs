//! Tables as the database's own catalog describes them.

mod column;
mod constraint;
mod default;
mod expression;
mod identity;
pub mod in_place;
mod index;
mod lookup;
mod mariadb;
mod postgres;
mod property;
mod references;
mod sqlite;
pub mod uses;

pub use column::{Column, Definition, Key, KeyColumn, Table};
pub use constraint::{Constraint, ConstraintRule, Statistics};
pub(crate) use default::stands_alone;
pub use expression::{Unreadable, same as same_expression, with_column};
pub use identity::Identity;
pub use index::{Index, IndexColumn};
pub use lookup::{columns, estimate_rows, has_tables, table, tables};
pub(crate) use postgres::NOT_NULL_CHECK;
pub use property::Property;
pub use references::references;
