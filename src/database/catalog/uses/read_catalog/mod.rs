//! Reads from each kind of database what uses a column, and the triggers and foreign keys of a table.

mod any_database;
mod mariadb;
mod postgres;
mod sqlite;
mod sqlite_triggers_and_keys;
mod sqlite_virtual_table;

pub use any_database::{foreign_keys, triggers, uses};
