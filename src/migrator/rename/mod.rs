//! A rename by a copy of the column.

mod align_columns;
mod backfill;
mod column_diff;
mod contract;
mod contract_undo;
mod expand;
mod mariadb_keys;
mod named_obstacles;
mod names;
mod names_and_marks;
mod own_indexes;
mod recorded_definition;
mod stages;
mod survey;

pub(super) use column_diff::{Columns, Lack, lacks, lacks_across_types};
pub(super) use named_obstacles::triggers;
pub(super) use names::free as free_name;
pub(super) use stages::{inspect, run, undo};
pub(super) use survey::survey;
