//! A rename by a copy of the column.

mod backfill;
mod carry;
mod contract;
mod contract_undo;
mod expand;
mod hand_over;
mod lacks;
mod mariadb_keys;
mod names;
mod objections;
mod own_indexes;
mod recorded_definition;
mod stages;
mod survey;

pub(super) use lacks::{Columns, Lack, lacks};
pub(super) use names::free as free_name;
pub(super) use objections::triggers;
pub(super) use stages::{inspect, run, undo};
pub(super) use survey::survey;
