//! MariaDB's catalog.

mod columns;
mod constraints;
mod dependents;
mod indexes;
mod name;
mod table;

pub(super) use dependents::views_of;
pub(super) use name::{of, quoted, values};
pub(super) use table::{has_period, table};
