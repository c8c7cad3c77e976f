//! The parser's rules for each dialect, and what it does not know of them.

#[macro_use]
mod as_parser;
mod mysql;
mod postgres;
mod select;
mod sqlite;

pub(super) use select::grammar;
