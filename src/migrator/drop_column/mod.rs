//! Drops a column.
//!
//! `expand` lets inserts leave the column out; the code of that release does without it. `contract` puts
//! the column aside, under another name, so that its values can be had back. `purge` deletes them.

mod contract;
mod empty_copy;
mod expand;
mod found;
mod left_out;
mod named;
mod needs;
mod note;
mod obstacles;
mod purge;
mod stages;
mod survey;
mod trial_row;

pub(super) use stages::{inspect, run, undo};
