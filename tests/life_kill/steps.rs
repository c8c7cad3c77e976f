//! Killed between any two steps.
//!
//! A normal run leads one life on each database: each command is killed at its first step, run again
//! and killed at the second, and so on, until it is let through. With `HANDOVER_ALL` each step has a
//! life of its own as well, in which the command that was killed there is run again undisturbed.

use super::{LIFE, killed, left, project, undisturbed};
use crate::support::project::Db::{self, Mariadb, Postgres, Sqlite};
use crate::support::project::Project;
use crate::support::sample::all;

const SERVERS: &[Db] = &[Postgres, Mariadb];

/// The fail point after a step, and the databases on which the command comes by there.
type Step = (&'static str, &'static [Db]);

/// The steps of each command of [`LIFE`], in their order.
const STEPS: [&[Step]; 4] = [EXPAND, BACKFILL, CONTRACT, ROLLBACK];

const EXPAND: &[Step] = &[
    // Where schema changes roll back, it first tries what contract and rollback will do.
    ("rename_column", &[Sqlite]),
    ("add_column", &Db::ALL),
    ("drop_column", &[Postgres]),
    ("entered::dual_write", &Db::ALL),
    ("finished::expand", &Db::ALL),
];

const BACKFILL: &[Step] = &[
    ("put_guard::from", &Db::ALL),
    ("copy::batch", &Db::ALL),
    ("copy::batch=1*off->return", &Db::ALL),
    ("copy::done", &Db::ALL),
    ("not_null::added", &[Postgres]),
    ("not_null::set", SERVERS),
    ("index::built", SERVERS),
    ("index::users_handle", &[Sqlite]),
    // The index that stands in for UNIQUE.
    ("index::users_handle_key", &[Sqlite, Postgres]),
    ("entered::read_to", &Db::ALL),
    ("finished::backfill", &Db::ALL),
];

const CONTRACT: &[Step] = &[
    ("not_null::relaxed", &[Mariadb]),
    ("entered::write_to", SERVERS),
    ("drop_column", &Db::ALL),
    ("rename_column", &[Sqlite]),
    ("entered::contracted", &Db::ALL),
    ("finished::contract", &Db::ALL),
];

const ROLLBACK: &[Step] = &[
    ("rename_column", &[Sqlite]),
    ("add_column", &[Sqlite, Postgres]),
    ("put_guard::from", &[Sqlite, Postgres]),
    ("entered::write_to", SERVERS),
    ("add_column", &[Mariadb]),
    ("put_guard::from", &[Mariadb]),
    ("entered::read_to", &Db::ALL),
    ("copy::batch", SERVERS),
    ("copy::batch=1*off->return", SERVERS),
    ("copy::done", SERVERS),
    ("not_null::added", &[Postgres]),
    ("not_null::set", SERVERS),
    ("index::built", SERVERS),
    ("undone::contract", &Db::ALL),
    ("put_guard::to", &Db::ALL),
    ("entered::dual_write", &Db::ALL),
    ("not_null::relaxed", &[Mariadb]),
    ("undone::backfill", &Db::ALL),
    ("entered::pending", &Db::ALL),
    ("drop_column", &Db::ALL),
    ("undone::expand", &Db::ALL),
];

#[test]
fn life_kill_at_each_step_on_sqlite() {
    at_each_step(Sqlite);
}

#[test]
fn life_kill_at_each_step_on_postgres() {
    at_each_step(Postgres);
}

#[test]
fn life_kill_at_each_step_on_mariadb() {
    at_each_step(Mariadb);
}

fn at_each_step(db: Db) {
    let expect = undisturbed(db);
    at_one_after_the_other(db, &expect);
    if all() {
        for (command, steps) in STEPS.iter().enumerate() {
            for step in on(db, steps) {
                at_one_alone(db, command, &step, &expect);
            }
        }
    }
}

/// The fail points of these steps on a database.
fn on(db: Db, steps: &[Step]) -> impl Iterator<Item = String> {
    steps.iter().filter(move |(_, databases)| databases.contains(&db)).map(|(step, _)| {
        let action = if step.contains('=') { "" } else { "=return" };
        format!("migrator::{step}{action}")
    })
}

/// One life: each command is killed at each of its steps, then let through.
fn at_one_after_the_other(db: Db, expect: &[String]) {
    let project = project(db);
    for (number, (version, arguments)) in LIFE.iter().enumerate() {
        project.version(version);
        for step in on(db, STEPS[number]) {
            assert!(killed(&project, arguments, &step), "{step} of {arguments:?} on {db:?}");
        }
        run_again(&project, number, &expect[number]);
    }
}

/// A life in which one command is killed at one step, then run again undisturbed.
fn at_one_alone(db: Db, command: usize, step: &str, expect: &[String]) {
    let project = project(db);
    for (version, arguments) in &LIFE[..command] {
        project.version(version);
        let _ = project.handover(arguments).expect_status(0);
    }
    let (version, arguments) = LIFE[command];
    project.version(version);
    assert!(killed(&project, arguments, step), "{step} of {arguments:?} on {db:?}");
    run_again(&project, command, &expect[command]);
}

/// Runs a command of [`LIFE`] that was killed again.
fn run_again(project: &Project, command: usize, expect: &str) {
    let arguments = LIFE[command].1;
    // A rollback that was killed when it had finished would go further back.
    if !arguments.contains(&"rollback") || left(project) != expect {
        let _ = project.handover(arguments).expect_status(0);
    }
    assert_eq!(left(project), expect, "{arguments:?} on {:?}", project.db);
}
