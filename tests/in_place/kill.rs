//! Killed between any two steps, and run again.

use super::project;
use crate::life_kill::killed;
use crate::support::project::Db::{self, Postgres, Sqlite};
use crate::support::project::Project;
use crate::support::rename::state;

/// The commands of a whole life.
const LIFE: [&[&str]; 3] = [
    &["db", "migrate", "--offline", "--pre"],
    &["db", "migrate", "--offline"],
    &["db", "rollback", "--step", "2"],
];

/// The fail points of each command, in their order, with the databases on which it comes by there.
const STEPS: [&[(&str, &[Db])]; 3] = [
    &[
        // Where schema changes roll back, it first tries what the contract will do.
        ("rename_column", &[Sqlite, Postgres]),
        ("commit::expand", &Db::ALL),
        ("committed::expand", &Db::ALL),
        ("entered::announced", &Db::ALL),
        ("finished::expand", &Db::ALL),
    ],
    &[
        ("rename_column", &Db::ALL),
        ("commit::contract", &Db::ALL),
        ("entered::contracted", &Db::ALL),
        ("finished::contract", &Db::ALL),
    ],
    &[
        ("committed::rollback", &Db::ALL),
        ("entered::announced", &Db::ALL),
        ("rename_column", &Db::ALL),
        ("undone::contract", &Db::ALL),
        ("entered::pending", &Db::ALL),
        ("undone::expand", &Db::ALL),
    ],
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    let history = project.query(
        "SELECT stage || ' ' || status || ' ' || run_order FROM handover_migrations ORDER BY run_order",
    );
    let epoch = project.query("SELECT CAST(epoch AS char(9)) FROM handover_metadata");
    format!("{}\n{history:?}\n{}\n{epoch:?}", project.dump("users"), state(project))
}

#[test]
fn in_place_killed_at_each_step() {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        let undisturbed = project(db);
        let expect: Vec<String> = LIFE
            .iter()
            .map(|arguments| {
                let _ = undisturbed.handover(arguments).expect_status(0);
                left(&undisturbed)
            })
            .collect();
        let project = project(db);
        for (command, arguments) in LIFE.iter().enumerate() {
            for (step, databases) in STEPS[command] {
                if databases.contains(&db) {
                    let point = format!("migrator::{step}=return");
                    assert!(killed(&project, arguments, &point), "{step} of {arguments:?}");
                }
            }
            // A rollback that was killed when it had finished would go further back.
            if left(&project) != expect[command] {
                let _ = project.handover(arguments).expect_status(0);
            }
            assert_eq!(left(&project), expect[command], "{arguments:?}");
        }
    }
}
