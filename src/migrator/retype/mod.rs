//! A change of a column's type.
//!
//! `expand` adds a second column of the new type, and every process writes both from then on. `backfill`
//! converts the values, and proves that each of them converts back. `contract` drops the first column and
//! gives its name to the second one. What the database can do at once, `expand` does at once.

mod at_once;
mod at_once_obstacles;
mod backfill;
mod casts;
mod change_at_once;
mod contract;
mod contract_undo;
mod conversion;
mod duplicates;
mod expand;
mod objects;
mod obstacles;
mod record;
mod sqlite_definition;
mod stages;
mod survey;
mod swap;
mod twins;
mod unconvertible;

pub(super) use stages::{inspect, run, undo};
