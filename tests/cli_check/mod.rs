//! `handover check`: the rules about migration files that need no database, and its forms of output.

mod code;
mod dump;
mod formats;
mod labels;
mod order;
mod target;
mod touched_columns;
mod usage;

use crate::support::project::{Db, Output, Project};

/// The worked example, which renames `users.username` in 9.0.0 and 9.0.1, with the app at `release`.
fn example(release: &str) -> Project {
    Project::worked_example(Db::Sqlite, release)
}

/// Runs `check`, and fails if it writes anything.
fn check(project: &Project, arguments: &[&str]) -> Output {
    let before = project.traces();
    let output = project.handover(&[&["check"], arguments].concat());
    assert!(project.traces() == before, "`check` has changed something:\n{output}");
    output
}

/// The one problem that `check` finds, and its hint. The lines after them are the same for each
/// problem: `formats::human` shows them.
fn problem(project: &Project, arguments: &[&str]) -> String {
    let output = check(project, arguments).expect_status(2);
    let found = output.stderr.split_once("error: 1 problem in the migration files\n");
    let (found, _) = found.unwrap_or_else(|| panic!("not one problem:\n{output}"));
    output.steady(found)
}
