//! Tables as the database's own catalog describes them.

mod column;
mod column_definition;
mod constraint;
mod default;
mod drop_obstacles;
mod expression;
mod identity;
mod index;
mod key;
mod lookup;
mod mariadb;
mod postgres;
mod property;
pub mod rename_obstacles;
pub mod replication;
mod sqlite;
mod table;
pub mod uses;

pub use column::Column;
pub use column_definition::Definition;
pub use constraint::{Constraint, ConstraintRule, Statistics};
pub(crate) use default::stands_alone;
pub use drop_obstacles::drop_obstacles;
pub use expression::{Unreadable, same as same_expression, with_column};
pub use identity::Identity;
pub use index::{Index, IndexColumn};
pub use key::{Key, KeyColumn};
pub use lookup::{columns, estimate_rows, has_tables, table, tables};
pub(crate) use postgres::NOT_NULL_CHECK;
pub use postgres::descendants;
pub use property::Property;
pub use table::{Dependent, Table};
