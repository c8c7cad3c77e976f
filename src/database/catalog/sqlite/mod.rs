//! SQLite's catalog.

mod conflict;
mod index_text;
mod indexes;
mod name;
mod table;

pub(super) use table::table;
