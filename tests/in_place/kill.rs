//! Killed between any two steps, and run again.

use super::project;
use crate::life_kill::each_step::{Command, history, killed_at_each_step};
use crate::support::project::Db::{self, Postgres, Sqlite};
use crate::support::project::Project;
use crate::support::rename::state;

/// A whole life.
const LIFE: [Command; 3] = [
    Command {
        release: "9.0.0",
        arguments: &["db", "migrate", "--offline", "--pre"],
        steps: &[
            // Where schema changes roll back, it first tries what the contract will do.
            ("rename_column", &[Sqlite, Postgres]),
            ("commit::expand", &Db::ALL),
            ("committed::expand", &Db::ALL),
            ("entered::announced", &Db::ALL),
            ("finished::expand", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.0",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("rename_column", &Db::ALL),
            ("commit::contract", &Db::ALL),
            ("entered::contracted", &Db::ALL),
            ("finished::contract", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.0",
        arguments: &["db", "rollback", "--step", "2"],
        steps: &[
            ("committed::rollback", &Db::ALL),
            ("entered::announced", &Db::ALL),
            ("rename_column", &Db::ALL),
            ("undone::contract", &Db::ALL),
            ("entered::pending", &Db::ALL),
            ("undone::expand", &Db::ALL),
        ],
    },
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    let epoch = project.query("SELECT CAST(epoch AS char(9)) FROM handover_metadata");
    let (table, history) = (project.dump("users"), history(project));
    format!("{table}\n{history:?}\n{}\n{epoch:?}", state(project))
}

#[test]
fn in_place_killed_at_each_step() {
    killed_at_each_step(&LIFE, project, left);
}
