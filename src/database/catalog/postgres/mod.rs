//! PostgreSQL's catalog.

mod columns;
mod constraints;
mod dependents;
mod identity;
mod indexes;
mod json_list;
mod table;

pub use table::NOT_NULL_CHECK;
pub(super) use table::table;
