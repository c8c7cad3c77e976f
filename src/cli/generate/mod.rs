//! `handover gen`, one file for each of its commands (`gen` is a keyword of Rust).

mod dispatch;
mod drop_column;
mod look_ahead;
mod name;
mod rename;
mod reserve;
mod retype;
mod sources;
mod sql;

pub use dispatch::run;
