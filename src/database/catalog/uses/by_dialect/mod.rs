//! Reads from each kind of database what uses a column, and the triggers and foreign keys of a table.

mod dispatch;
mod mariadb;
mod postgres;
mod sqlite;
mod sqlite_triggers_and_keys;
mod sqlite_virtual_table;

pub use dispatch::{foreign_keys, triggers, uses};
