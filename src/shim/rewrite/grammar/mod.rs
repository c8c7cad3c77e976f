//! The parser's rules for each dialect, and what it does not know of them.

#[macro_use]
mod as_parser;
mod column_alias;
mod mariadb;
mod of_dialect;
mod postgres;
mod sqlite;

pub(crate) use of_dialect::grammar;
