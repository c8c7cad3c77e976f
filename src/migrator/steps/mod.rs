//! One idempotent database verb a file.

mod add_column;
mod compare;
mod copy;
mod crash;
mod ddl;
mod drop_column;
mod guard;
mod indexes;
mod not_null;

pub(super) use add_column::{add_column, set_default};
pub(super) use compare::{compare, differ};
pub(super) use copy::{copy, walked};
pub(super) use crash::crash_point;
pub(super) use drop_column::{drop_column, rename_column};
pub(super) use guard::{
    Guards, drop_guard, drop_guard_function, guard_is_among, guards, put_guard,
};
pub(super) use indexes::{build_index_in, build_indexes, drop_indexes, twin_indexes};
pub(super) use not_null::{drop_not_null, relax, set_not_null};
