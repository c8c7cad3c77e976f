//! Objects of the database that use a column by name or position in a text that the database does
//! not update, and objects that write the column where handover cannot see it.

mod allow;
mod body;
mod foreign_key;
mod mariadb;
mod names;
mod natural;
mod object;
mod outputs;
mod pieces;
mod postgres;
mod problem;
mod read;
mod rows;
mod sqlite;
mod sqlite_own;
mod statement;
mod subject;
#[cfg(test)]
mod tests;
mod trigger;
mod view;
mod virtual_table;
mod writes;

pub use allow::{NoSuchObject, find};
pub use foreign_key::{Action, Cascade, ForeignKey};
pub use object::{Kind, Object};
pub use problem::{Problem, Use};
pub use read::{foreign_keys, triggers, uses};
pub use trigger::{AppTrigger, Enabled, Event, Timing};
