//! Killed between any two steps, and run again.

use super::{project, state};
use crate::life_kill::each_step::{Command, history, killed_at_each_step};
use crate::support::project::Db::{self, Mariadb, Postgres, Sqlite};
use crate::support::project::Project;

/// A whole life.
const LIFE: [Command; 5] = [
    Command {
        release: "9.0.0",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("drop_column", &[Sqlite, Postgres]),
            ("commit::expand", &Db::ALL),
            ("committed::expand", &Db::ALL),
            ("not_null::relaxed", &[Mariadb]),
            ("entered::ignored", &Db::ALL),
            ("finished::expand", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.1",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("rename_column", &Db::ALL),
            ("commit::contract", &Db::ALL),
            ("entered::contracted", &Db::ALL),
            ("finished::contract", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.1",
        arguments: &["db", "rollback", "--step", "2"],
        steps: &[
            ("committed::rollback", &Db::ALL),
            ("entered::ignored", &Db::ALL),
            ("undone::contract", &Db::ALL),
            ("not_null::set", &[Postgres, Mariadb]),
            ("entered::pending", &Db::ALL),
            ("undone::expand", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.1",
        arguments: &["db", "migrate", "--offline"],
        steps: &[("entered::ignored", &Db::ALL), ("entered::contracted", &Db::ALL)],
    },
    Command {
        release: "9.1.0",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("drop_column", &Db::ALL),
            ("commit::purge", &Db::ALL),
            ("entered::purged", &Db::ALL),
            ("finished::purge", &Db::ALL),
        ],
    },
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    format!("{}\n{:?}\n{}", project.dump("users"), history(project), state(project))
}

#[test]
fn drop_killed_at_each_step() {
    killed_at_each_step(&LIFE, project, left);
}
