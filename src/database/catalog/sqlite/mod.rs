//! SQLite's catalog.

mod conflict;
mod index;
mod table;

pub(super) use table::table;
