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
mod recorded_definition;
mod stages;
mod survey;

pub(super) use lacks::{Columns, Lack, lacks};
pub(super) use stages::{inspect, run, undo};
