//! A migration that is killed at any point goes on when it is run again, and ends as if nothing
//! had happened.

pub mod each_step;
mod foreign_key_names;
mod steps;
mod transactions;
mod way_back;
mod without_the_runner;

use std::os::unix::process::ExitStatusExt;

use crate::support::project::{Db, Project};
use crate::support::rename::USERS;
use crate::support::wait::until_gone;

const TABLE: &str = "
    CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE, n integer DEFAULT 7);
    CREATE INDEX users_username ON users (username);
    INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace'), (-7, 'eve'), (40, 'joan'), (9, '')";

/// The commands of a whole life, each with the app's release at the time.
pub const LIFE: [(&str, &[&str]); 4] = [
    ("9.0.0", &["db", "migrate", "--offline", "--batch-size", "2", "--pre"]),
    ("9.0.0", &["db", "migrate", "--offline", "--batch-size", "2", "--post"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
    ("9.0.1", &["db", "rollback", "--batch-size", "2", "--step", "3"]),
];

pub fn project(db: Db) -> Project {
    let project = Project::new(db);
    project.sql(TABLE);
    USERS.write(&project);
    project
}

/// All that a run leaves behind: the table, the history, the state.
pub fn left(project: &Project) -> String {
    let history = project.query(
        "SELECT slug || ' ' || stage || ' ' || status || ' ' || run_order || ' ' || app_version
         FROM handover_migrations ORDER BY run_order",
    );
    let changes = project.query(
        "SELECT name || ' ' || state || ' ' || c.epoch || ' ' || m.epoch
                || ' ' || coalesce(schema_version, 'none')
         FROM handover_metadata AS m LEFT JOIN handover_changes AS c ON true",
    );
    let backfills = project.query("SELECT change_name FROM handover_backfills");
    format!("{}\n{history:#?}\n{changes:#?}\n{backfills:?}", project.dump("users"))
}

/// What an undisturbed run leaves after each command of a life.
pub fn undisturbed(db: Db) -> Vec<String> {
    let project = project(db);
    LIFE.iter()
        .map(|(version, arguments)| {
            project.version(version);
            let _ = project.handover(arguments).expect_status(0);
            left(&project)
        })
        .collect()
}

/// Runs a command with a fail point on; true if that killed it.
pub fn killed(project: &Project, arguments: &[&str], failpoint: &str) -> bool {
    let output = project.command(arguments).env("FAILPOINTS", failpoint).output().unwrap();
    until_gone(project);
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.signal() {
        None => assert!(output.status.success(), "{failpoint}, {arguments:?}: {said}"),
        signal => assert_eq!(signal, Some(9), "{failpoint}, {arguments:?}: {said}"),
    }
    output.status.signal().is_some()
}
