//! A rename of the column itself.
//!
//! `expand` announces the new name: every process accepts both from then on. `contract` renames the
//! column. Whatever hangs on the column stays as it is, because the column stays.

mod announce;
mod contract;
mod stages;
mod survey;

pub(super) use stages::{inspect, run, undo};
pub(super) use survey::survey;
