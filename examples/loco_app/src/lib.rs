//! A small service on loco: members, by a name that is unique.

pub mod app;
pub mod fleet;
pub mod member;
pub mod migration;

mod members;
mod name_change;
mod name_report;
