//! Killed between any two steps, and run again.

use super::CASES;
use crate::life_kill::each_step::{Command, history, killed_at_each_step};
use crate::support::project::Db::{self, Mariadb, Postgres};
use crate::support::project::Project;
use crate::support::rename::state;

/// A whole life.
const LIFE: [Command; 4] = [
    Command {
        release: "9.0.0",
        arguments: &["db", "migrate", "--offline", "--pre"],
        steps: &[
            ("commit::expand", &Db::ALL),
            ("committed::expand", &Db::ALL),
            ("add_column", &[Mariadb]),
            ("put_guard::to", &Db::ALL),
            ("entered::dual_write", &Db::ALL),
            ("finished::expand", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.0",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("put_guard::from", &Db::ALL),
            ("copy::batch", &Db::ALL),
            ("copy::done", &Db::ALL),
            ("index::built", &[Postgres, Mariadb]),
            ("not_null::set", &[Postgres, Mariadb]),
            ("entered::read_to", &Db::ALL),
            ("finished::backfill", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.1",
        arguments: &["db", "migrate", "--offline"],
        steps: &[
            ("index::renamed", &[Postgres, Mariadb]),
            ("not_null::relaxed", &[Mariadb]),
            ("entered::write_to", &[Postgres, Mariadb]),
            ("drop_column", &Db::ALL),
            ("entered::announced", &Db::ALL),
            ("rename_column", &Db::ALL),
            ("entered::contracted", &Db::ALL),
            ("finished::contract", &Db::ALL),
        ],
    },
    Command {
        release: "9.0.1",
        arguments: &["db", "rollback", "--step", "3"],
        steps: &[
            ("committed::rollback", &Db::ALL),
            ("entered::announced", &Db::ALL),
            ("rename_column", &Db::ALL),
            ("add_column", &Db::ALL),
            ("put_guard::from", &Db::ALL),
            ("entered::write_to", &[Postgres, Mariadb]),
            ("entered::read_to", &Db::ALL),
            ("put_guard::to", &[Postgres, Mariadb]),
            ("copy::done", &[Postgres, Mariadb]),
            ("index::built", &[Postgres, Mariadb]),
            ("not_null::set", &[Postgres, Mariadb]),
            ("index::renamed", &[Postgres, Mariadb]),
            ("undone::contract", &Db::ALL),
            ("entered::dual_write", &Db::ALL),
            ("undone::backfill", &Db::ALL),
            ("entered::pending", &Db::ALL),
            ("drop_column", &Db::ALL),
            ("undone::expand", &Db::ALL),
        ],
    },
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    format!("{}\n{:?}\n{}", project.dump("people"), history(project), state(project))
}

#[test]
fn retype_killed_at_each_step() {
    let project = |db| CASES.iter().find(|case| case.db == db).unwrap().project();
    killed_at_each_step(&LIFE, project, left);
}
