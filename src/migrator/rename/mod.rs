//! A rename by a copy of the column.

mod backfill;
mod carry;
mod contract;
mod contract_undo;
mod counterpart;
mod expand;
mod hand_over;
mod mariadb_keys;
mod names;
mod note;
mod objections;
mod stages;
mod survey;

pub(super) use counterpart::{Columns, Lack, lacks};
pub(super) use stages::{inspect, run, undo};
