//! Killed between any two steps, and run again.

use super::{project, state};
use crate::life_kill::killed;
use crate::support::project::Db::{self, Mariadb, Postgres, Sqlite};
use crate::support::project::Project;

/// The commands of a whole life, each with the app's release.
const LIFE: [(&str, &[&str]); 5] = [
    ("9.0.0", &["db", "migrate", "--offline"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
    ("9.0.1", &["db", "rollback", "--step", "2"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
    ("9.1.0", &["db", "migrate", "--offline"]),
];

/// The fail points of each command, in their order, with the databases on which it comes by there.
const STEPS: [&[(&str, &[Db])]; 5] = [
    &[
        ("drop_column", &[Sqlite, Postgres]),
        ("commit::expand", &Db::ALL),
        ("committed::expand", &Db::ALL),
        ("not_null::relaxed", &[Mariadb]),
        ("entered::ignored", &Db::ALL),
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
        ("entered::ignored", &Db::ALL),
        ("undone::contract", &Db::ALL),
        ("not_null::set", &[Postgres, Mariadb]),
        ("entered::pending", &Db::ALL),
        ("undone::expand", &Db::ALL),
    ],
    &[("entered::ignored", &Db::ALL), ("entered::contracted", &Db::ALL)],
    &[
        ("drop_column", &Db::ALL),
        ("commit::purge", &Db::ALL),
        ("entered::purged", &Db::ALL),
        ("finished::purge", &Db::ALL),
    ],
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    let history = project.query(
        "SELECT stage || ' ' || status || ' ' || run_order FROM handover_migrations ORDER BY run_order",
    );
    format!("{}\n{history:?}\n{}", project.dump("users"), state(project))
}

#[test]
fn drop_killed_at_each_step() {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        let undisturbed = project(db);
        let expect: Vec<String> = LIFE
            .iter()
            .map(|(release, arguments)| {
                undisturbed.version(release);
                let _ = undisturbed.handover(arguments).expect_status(0);
                left(&undisturbed)
            })
            .collect();
        let project = project(db);
        for (command, (release, arguments)) in LIFE.iter().enumerate() {
            project.version(release);
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
