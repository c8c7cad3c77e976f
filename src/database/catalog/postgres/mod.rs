//! PostgreSQL's catalog.

mod columns;
mod constraints;
mod dependents;
mod identity;
mod indexes;
mod inheritance;
mod json_list;
mod owned_sequences;
mod row_types;
mod table;
mod uncopyable_columns;

pub(super) use inheritance::TREE;
pub use inheritance::descendants;
pub use table::NOT_NULL_CHECK;
pub(super) use table::table;
