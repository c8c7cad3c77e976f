//! The verbs that stages are made of, one file for each thing that is changed.
//!
//! A verb shares its transaction with the note that it was done. On MariaDB, where a schema change
//! commits by itself, it can be run again instead.

mod add_column;
mod analyze;
mod compare;
mod constraints;
mod copy;
mod crash;
mod ddl;
mod drop_column;
mod guard;
mod guard_of_copy;
mod identity;
mod index_sql;
mod indexes;
mod not_null;
mod properties;
mod statistics;
mod triggers;

pub(super) use add_column::{add_column, drop_default, set_default};
pub(super) use analyze::analyze;
pub(super) use compare::{any_row, compare, differ, distinct};
pub(super) use constraints::{
    add as add_constraint_sql, add_constraint, change as change_constraint, comment_on_constraint,
    drop as drop_constraint, drop_constraints_of, rename_constraint,
};
pub(super) use copy::{Assigned, convert, copy, walked};
pub(super) use crash::crash_point;
pub(super) use drop_column::{drop_column, rename_column};
pub(super) use guard::{
    Guards, Watched, drop_guard, drop_guard_function, guard_is_among, guards, put_guard_on,
};
pub(super) use guard_of_copy::put_guard;
pub(super) use identity::{drop_identity, move_identity};
pub(super) use index_sql::{qualified, quoted};
pub(super) use indexes::{build_index, build_index_in, drop_indexes_of};
pub(super) use not_null::{
    drop_not_null, modify_at_once, name_not_null, redefine, relax, set_not_null,
};
pub(super) use properties::{give_properties, take_property};
pub(super) use statistics::{create_statistics, drop_statistics_of, name_of as statistics_name};
pub(super) use triggers::{may_silence, without_triggers};
