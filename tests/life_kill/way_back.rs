//! Killed in a stage, and then undone; killed while it is undone.

use super::{LIFE, killed, project};
use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};
use crate::support::sample::all;

/// A database, the number of a command of [`LIFE`] and the step at which it is killed.
type Kill = (Db, usize, &'static str);

const BACKFILL: usize = 1;
const CONTRACT: usize = 2;

/// For each database the step of the backfill and of the contract that leaves the most behind.
const EACH_RUN: [Kill; 6] = [
    (Db::Sqlite, BACKFILL, "index::users_handle"),
    (Db::Sqlite, CONTRACT, "rename_column"),
    (Db::Postgres, BACKFILL, "not_null::added"),
    (Db::Postgres, CONTRACT, "entered::write_to"),
    (Db::Mariadb, BACKFILL, "index::built"),
    (Db::Mariadb, CONTRACT, "not_null::relaxed"),
];

/// With `HANDOVER_ALL` these as well.
const MORE: [Kill; 12] = [
    (Db::Sqlite, BACKFILL, "put_guard::from"),
    (Db::Sqlite, BACKFILL, "copy::batch"),
    (Db::Postgres, BACKFILL, "commit=1*off->return"),
    (Db::Postgres, BACKFILL, "copy::batch"),
    (Db::Postgres, BACKFILL, "index::built"),
    (Db::Postgres, BACKFILL, "not_null::set"),
    (Db::Postgres, CONTRACT, "drop_column"),
    (Db::Mariadb, BACKFILL, "put_guard::from"),
    (Db::Mariadb, BACKFILL, "copy::batch"),
    (Db::Mariadb, BACKFILL, "not_null::set"),
    (Db::Mariadb, CONTRACT, "entered::write_to"),
    (Db::Mariadb, CONTRACT, "drop_column"),
];

#[test]
fn life_kill_then_back() {
    let more = if all() { &MORE[..] } else { &[] };
    for kill in EACH_RUN.iter().chain(more) {
        eprintln!("{kill:?}");
        killed_then_back(*kill);
    }
}

/// A stage that was killed is undone instead of being run again.
fn killed_then_back((db, command, step): Kill) {
    let project = project(db);
    let original = project.dump("users");
    for (version, arguments) in &LIFE[..command] {
        project.version(version);
        let _ = project.handover(arguments).expect_status(0);
    }
    let (version, arguments) = LIFE[command];
    project.version(version);
    let action = if step.contains('=') { "" } else { "=return" };
    assert!(killed(&project, arguments, &format!("migrator::{step}{action}")));
    let back = |step| project.handover(&["db", "rollback", "--step", step]).expect_status(0);
    if command == CONTRACT {
        let _ = back("1");
        assert_eq!(state(&project), "read_to");
        USERS.expect_equal(&project);
    }
    // Nothing of the stage is left that could hinder an app that knows no other column.
    let rollback = ["db", "rollback", "--step", "2"];
    assert!(killed(&project, &rollback, "migrator::entered::pending=return"));
    project.sql("INSERT INTO users (id, username) VALUES (50, 'x'), (51, 'y')");
    project.sql("UPDATE users SET username = 'x' || username WHERE id IN (51, 1)");
    project.sql("DELETE FROM users WHERE id > 49");
    project.sql("UPDATE users SET username = 'ada' WHERE id = 1");
    let _ = back("1");
    assert_eq!(project.dump("users"), original);
}

/// On the way back nobody sets `to` any more while it is still there, with its default and its
/// guard: that took the default for a write, and every insert failed until the column was gone.
#[test]
fn life_kill_then_insert_without_the_column() {
    for (db, sql_type, default) in [
        (Db::Sqlite, "text", "'d'"),
        (Db::Sqlite, "integer", "-7"),
        (Db::Postgres, "text", "'d'"),
        (Db::Postgres, "varchar(9)", "'d'"),
        (Db::Postgres, "real", "1.5"),
        (Db::Postgres, "numeric(9,2)", "1.5"),
        (Db::Mariadb, "text", "'d'"),
        (Db::Mariadb, "varchar(9) CHARACTER SET latin1", "'d'"),
        (Db::Mariadb, "decimal(9,2)", "1.5"),
        (Db::Mariadb, "datetime", "current_timestamp()"),
    ] {
        let project = Project::new(db);
        project.sql(&format!(
            "CREATE TABLE users (id integer PRIMARY KEY, username {sql_type} NOT NULL DEFAULT {default})"
        ));
        let value = if sql_type == "datetime" { "'2026-11-21 10:00:00'" } else { "'5'" };
        let insert = |id: u32| {
            project.sql(&format!("INSERT INTO users (id, username) VALUES ({id}, {value})"));
        };
        insert(1);
        USERS.write(&project);
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert!(killed(&project, &["db", "rollback"], "migrator::entered::pending=return"));
        assert!(project.dump("users").contains("_to_insert"), "{db:?} {sql_type}: no guard");
        insert(2);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM users"), ["2"]);
    }
}
