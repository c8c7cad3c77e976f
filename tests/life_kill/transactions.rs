//! Killed at each transaction, before its commit and after it.

use super::{LIFE, killed, left, project, undisturbed};
use crate::support::project::Db;

/// Each command is killed at its first transaction, then at its second, and so on: every
/// transaction of a life, before its commit and after it.
fn kill_at_each_transaction(db: Db, point: &str) {
    let expect = undisturbed(db);
    let project = project(db);
    let mut kills = 0;
    for (number, (version, arguments)) in LIFE.iter().enumerate() {
        project.version(version);
        let mut spared = 0;
        while killed(&project, arguments, &format!("migrator::{point}={spared}*off->return")) {
            spared += 1;
        }
        kills += spared;
        assert_eq!(left(&project), expect[number], "{point}, {db:?}, {arguments:?}");
    }
    assert!(kills >= 12, "killed only {kills} times");
}

#[test]
fn life_kill_before_each_commit() {
    for db in Db::ALL {
        kill_at_each_transaction(db, "commit");
    }
}

#[test]
fn life_kill_after_each_commit() {
    for db in Db::ALL {
        kill_at_each_transaction(db, "committed");
    }
}
