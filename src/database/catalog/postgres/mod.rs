//! PostgreSQL's catalog.

mod columns;
mod constraints;
mod dependents;
mod indexes;
mod table;

pub(super) use table::{listed, table};
