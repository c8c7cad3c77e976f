//! One idempotent database verb a file.

mod add_column;
mod compare;
mod copy;
mod drop_column;
mod guard;
mod indexes;
mod not_null;
mod walk;

pub(super) use add_column::{add_column, set_default};
pub(super) use compare::{compare, differ};
pub(super) use copy::copy;
pub(super) use drop_column::{drop_column, rename_column};
pub(super) use guard::{drop_guard, drop_guard_function, put_guard};
pub(super) use indexes::{build_index_in, build_indexes, drop_indexes, twin_indexes};
pub(super) use not_null::{drop_not_null, set_not_null};

/// A place between two steps where a test can kill the process, by the name `migrator::STEP` or
/// `migrator::STEP::DETAIL`; nothing otherwise.
pub(super) fn crash_point(step: &str, detail: &str) {
    #[cfg(feature = "failpoints")]
    {
        let kill = |_| {
            // SIGKILL as from outside: no destructor runs, no connection is closed politely.
            let pid = std::process::id().to_string();
            let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
        };
        fail::fail_point!(&format!("migrator::{step}"), kill);
        fail::fail_point!(&format!("migrator::{step}::{detail}"), kill);
    }
    let _ = (step, detail);
}
