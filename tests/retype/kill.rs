//! Killed between any two steps, and run again.

use super::CASES;
use crate::life_kill::killed;
use crate::support::project::Db::{self, Mariadb, Postgres};
use crate::support::project::Project;
use crate::support::rename::state;

/// The commands of a whole life, each with the release.
const LIFE: [(&str, &[&str]); 4] = [
    ("9.0.0", &["db", "migrate", "--offline", "--pre"]),
    ("9.0.0", &["db", "migrate", "--offline"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
    ("9.0.1", &["db", "rollback", "--step", "3"]),
];

/// The fail points of each command, in their order, with the databases on which it comes by there.
const STEPS: [&[(&str, &[Db])]; 4] = [
    &[
        ("commit::expand", &Db::ALL),
        ("committed::expand", &Db::ALL),
        ("add_column", &[Mariadb]),
        ("put_guard::to", &Db::ALL),
        ("entered::dual_write", &Db::ALL),
        ("finished::expand", &Db::ALL),
    ],
    &[
        ("put_guard::from", &Db::ALL),
        ("copy::batch", &Db::ALL),
        ("copy::done", &Db::ALL),
        ("index::built", &[Postgres, Mariadb]),
        ("not_null::set", &[Postgres, Mariadb]),
        ("entered::read_to", &Db::ALL),
        ("finished::backfill", &Db::ALL),
    ],
    &[
        ("not_null::relaxed", &[Mariadb]),
        ("entered::write_to", &[Postgres, Mariadb]),
        ("drop_column", &Db::ALL),
        ("index::renamed", &[Postgres, Mariadb]),
        ("entered::announced", &Db::ALL),
        ("rename_column", &Db::ALL),
        ("entered::contracted", &Db::ALL),
        ("finished::contract", &Db::ALL),
    ],
    &[
        ("committed::rollback", &Db::ALL),
        ("entered::announced", &Db::ALL),
        ("rename_column", &Db::ALL),
        ("add_column", &Db::ALL),
        ("put_guard::from", &Db::ALL),
        ("entered::write_to", &[Postgres, Mariadb]),
        ("entered::read_to", &Db::ALL),
        ("put_guard::to", &[Postgres, Mariadb]),
        ("copy::done", &[Postgres, Mariadb]),
        ("index::renamed", &[Postgres, Mariadb]),
        ("index::built", &[Postgres, Mariadb]),
        ("not_null::set", &[Postgres, Mariadb]),
        ("undone::contract", &Db::ALL),
        ("entered::dual_write", &Db::ALL),
        ("undone::backfill", &Db::ALL),
        ("entered::pending", &Db::ALL),
        ("drop_column", &Db::ALL),
        ("undone::expand", &Db::ALL),
    ],
];

/// What a run leaves behind.
fn left(project: &Project) -> String {
    let history = project.query(
        "SELECT stage || ' ' || status || ' ' || run_order FROM handover_migrations ORDER BY run_order",
    );
    format!("{}\n{history:?}\n{}", project.dump("people"), state(project))
}

#[test]
fn retype_killed_at_each_step() {
    for db in Db::ALL {
        eprintln!("on {db:?}");
        let case = CASES.iter().find(|case| case.db == db).unwrap();
        let undisturbed = case.project();
        let expect: Vec<String> = LIFE
            .iter()
            .map(|(version, arguments)| {
                undisturbed.version(version);
                let _ = undisturbed.handover(arguments).expect_status(0);
                left(&undisturbed)
            })
            .collect();
        let project = case.project();
        for (command, (version, arguments)) in LIFE.iter().enumerate() {
            project.version(version);
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
