//! Ways to make a project wrong.

use std::fmt::Write as _;
use std::fs;

use super::project::{Db, Project};

pub const EXPAND: &str =
    "release_migrations/9.0.0/20261121093000_rename_users_username_to_handle.expand.yml";
pub const BACKFILL: &str =
    "release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml";
pub const CONTRACT: &str =
    "release_migrations/9.0.1/20261121093002_rename_users_username_to_handle.contract.yml";

/// A way to make a project wrong.
pub type Spoil = dyn Fn(&Project);

/// Runs a command in a project for each way to spoil it, and says what it said each time. Nothing
/// has changed by it.
pub fn said(arguments: &[&str], ways: &[(&str, &Spoil)]) -> String {
    let on = |db| {
        let mut text = String::new();
        for (way, spoil) in ways {
            let project = Project::worked_example(db, "9.0.0");
            spoil(&project);
            let before = project.traces();
            let output = project.handover(arguments);
            assert!(project.traces() == before, "{way} has changed something:\n{output}");
            writeln!(text, "## {way}\n{output}").unwrap();
        }
        text
    };
    let text = on(Db::Sqlite);
    assert_eq!(on(Db::Postgres), text);
    text
}

pub fn edit(project: &Project, path: &str, what: &str, instead: &str) {
    let text = fs::read_to_string(project.root().join(path)).unwrap();
    assert!(text.contains(what), "{text}");
    project.write(path, &text.replace(what, instead));
}

pub fn remove(project: &Project, path: &str) {
    fs::remove_file(project.root().join(path)).unwrap();
}
