//! The parser's rules for each dialect, and what it does not know of them.

#[macro_use]
mod delegate;
mod choose;
mod column_alias;
mod mariadb;
mod postgres;
mod sqlite;

pub(crate) use choose::grammar;
