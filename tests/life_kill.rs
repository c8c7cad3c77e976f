//! A migration that is killed at any point goes on when it is run again, and ends as if nothing
//! had happened.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};

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
fn killed(project: &Project, arguments: &[&str], failpoint: &str) -> bool {
    let output = project.command(arguments).env("FAILPOINTS", failpoint).output().unwrap();
    until_gone(project);
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.signal() {
        None => assert!(output.status.success(), "{failpoint}, {arguments:?}: {said}"),
        signal => assert_eq!(signal, Some(9), "{failpoint}, {arguments:?}: {said}"),
    }
    output.status.signal().is_some()
}

/// PostgreSQL rolls back for a client that has died, which takes it a moment.
pub fn until_gone(project: &Project) {
    let sessions = "SELECT pid::text FROM pg_stat_activity \
                    WHERE datname = current_database() AND application_name = 'handover'";
    let on_mariadb = "SELECT CAST(id AS char) FROM information_schema.processlist \
                      WHERE db = database() AND id <> connection_id()";
    until("the sessions of the killed process end", || match project.db {
        Db::Sqlite => true,
        Db::Postgres => project.query(sessions).is_empty(),
        Db::Mariadb => project.query(on_mariadb).is_empty(),
    });
}

pub fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(Duration::from_millis(10));
    }
}

/// Kills each command of a life at this point, if it comes by there, and runs it again.
/// Which were killed, counted from one.
fn kill_at(db: Db, failpoint: &str, expect: &[String]) -> Vec<usize> {
    let project = project(db);
    let mut kills = Vec::new();
    for (number, (version, arguments)) in LIFE.iter().enumerate() {
        project.version(version);
        if killed(&project, arguments, failpoint) {
            kills.push(number + 1);
            // A rollback that had just been finished would go further back.
            if left(&project) != expect[number] || number < 3 {
                let _ = project.handover(arguments).expect_status(0);
            }
        }
        assert_eq!(left(&project), expect[number], "{failpoint}, {db:?}, {arguments:?}");
    }
    kills
}

fn kill_at_each(db: Db, points: &[(&str, &[usize])]) {
    let expect = undisturbed(db);
    for (point, kills) in points {
        let failpoint = if point.contains('=') {
            format!("migrator::{point}")
        } else {
            format!("migrator::{point}=return")
        };
        assert_eq!(kill_at(db, &failpoint, &expect), *kills, "{point} on {db:?}");
    }
}

#[test]
fn life_kill_sqlite_steps() {
    kill_at_each(
        Db::Sqlite,
        &[
            ("add_column", &[1, 4]),
            ("entered::dual_write", &[1, 4]),
            ("finished::expand", &[1]),
            ("put_guard::from", &[2, 4]),
            ("copy::batch", &[2]),
            ("copy::batch=2*off->return", &[2]),
            ("copy::done", &[2]),
            ("index::users_handle", &[2]),
            // The index that stands in for UNIQUE was built again, and was there already.
            ("index::users_handle_key", &[2]),
            ("entered::read_to", &[2, 4]),
            ("finished::backfill", &[2]),
            ("drop_column", &[3, 4]),
            // Expand tries it out.
            ("rename_column", &[1, 3, 4]),
            ("entered::contracted", &[3]),
            ("finished::contract", &[3]),
            ("undone::contract", &[4]),
            ("put_guard::to", &[4]),
            ("undone::backfill", &[4]),
            ("entered::pending", &[4]),
            ("undone::expand", &[4]),
        ],
    );
}

#[test]
fn life_kill_postgres_steps_forth() {
    kill_at_each(
        Db::Postgres,
        &[
            ("add_column", &[1, 4]),
            ("entered::dual_write", &[1, 4]),
            ("finished::expand", &[1]),
            ("put_guard::from", &[2, 4]),
            ("copy::batch", &[2, 4]),
            ("copy::batch=2*off->return", &[2, 4]),
            ("copy::done", &[2, 4]),
            ("index::built", &[2, 4]),
            ("index::users_handle_key", &[2]),
            ("not_null::added", &[2, 4]),
            ("not_null::set", &[2, 4]),
            ("entered::read_to", &[2, 4]),
        ],
    );
}

#[test]
fn life_kill_postgres_steps_back() {
    kill_at_each(
        Db::Postgres,
        &[
            ("finished::backfill", &[2]),
            ("entered::write_to", &[3, 4]),
            // Expand tries it out.
            ("drop_column", &[1, 3, 4]),
            ("entered::contracted", &[3]),
            ("finished::contract", &[3]),
            ("undone::contract", &[4]),
            ("put_guard::to", &[4]),
            ("undone::backfill", &[4]),
            ("entered::pending", &[4]),
            ("undone::expand", &[4]),
        ],
    );
}

#[test]
fn life_kill_mariadb_steps_forth() {
    kill_at_each(
        Db::Mariadb,
        &[
            ("add_column", &[1, 4]),
            ("entered::dual_write", &[1, 4]),
            ("finished::expand", &[1]),
            ("put_guard::from", &[2, 4]),
            ("copy::batch", &[2, 4]),
            ("copy::batch=2*off->return", &[2, 4]),
            ("copy::done", &[2, 4]),
            ("index::built", &[2, 4]),
            ("not_null::set", &[2, 4]),
            ("entered::read_to", &[2, 4]),
        ],
    );
}

#[test]
fn life_kill_mariadb_steps_back() {
    kill_at_each(
        Db::Mariadb,
        &[
            ("finished::backfill", &[2]),
            ("not_null::relaxed", &[3, 4]),
            ("entered::write_to", &[3, 4]),
            ("drop_column", &[3, 4]),
            ("entered::contracted", &[3]),
            ("finished::contract", &[3]),
            ("undone::contract", &[4]),
            ("put_guard::to", &[4]),
            ("undone::backfill", &[4]),
            ("entered::pending", &[4]),
            ("undone::expand", &[4]),
        ],
    );
}

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

/// Whoever has seen a stage killed may also want it undone.
#[test]
fn life_kill_then_back() {
    for (db, command, point) in [
        (Db::Sqlite, 1, "put_guard::from"),
        (Db::Sqlite, 1, "copy::batch"),
        (Db::Sqlite, 1, "index::users_handle"),
        (Db::Sqlite, 2, "rename_column"),
        (Db::Postgres, 1, "commit=1*off->return"),
        (Db::Postgres, 1, "copy::batch"),
        (Db::Postgres, 1, "index::built"),
        (Db::Postgres, 1, "not_null::added"),
        (Db::Postgres, 1, "not_null::set"),
        (Db::Postgres, 2, "entered::write_to"),
        (Db::Postgres, 2, "drop_column"),
        (Db::Mariadb, 1, "put_guard::from"),
        (Db::Mariadb, 1, "copy::batch"),
        (Db::Mariadb, 1, "index::built"),
        (Db::Mariadb, 1, "not_null::set"),
        (Db::Mariadb, 2, "not_null::relaxed"),
        (Db::Mariadb, 2, "entered::write_to"),
        (Db::Mariadb, 2, "drop_column"),
    ] {
        let project = project(db);
        let original = project.dump("users");
        for (version, arguments) in &LIFE[..command] {
            project.version(version);
            let _ = project.handover(arguments).expect_status(0);
        }
        let (version, arguments) = LIFE[command];
        project.version(version);
        let failpoint =
            if point.contains('=') { point.to_owned() } else { format!("{point}=return") };
        assert!(killed(&project, arguments, &format!("migrator::{failpoint}")), "{point}");
        let back = |step| project.handover(&["db", "rollback", "--step", step]).expect_status(0);
        if command == 2 {
            let _ = back("1");
            assert_eq!(state(&project), "read_to", "{point}, {db:?}");
            USERS.expect_equal(&project);
        }
        // Nothing of the stage is left that could hinder an app that knows no other column.
        let rollback = ["db", "rollback", "--step", "2"];
        assert!(killed(&project, &rollback, "migrator::entered::pending=return"), "{point}");
        project.sql("INSERT INTO users (id, username) VALUES (50, 'x'), (51, 'y')");
        project.sql("UPDATE users SET username = 'x' || username WHERE id IN (51, 1)");
        project.sql("DELETE FROM users WHERE id > 49");
        project.sql("UPDATE users SET username = 'ada' WHERE id = 1");
        let _ = back("1");
        assert_eq!(project.dump("users"), original, "{point}, {db:?}");
    }
}

/// A concurrent build that was broken off leaves an index that PostgreSQL does not use.
#[test]
fn life_kill_a_broken_index_is_built_again() {
    let expect = undisturbed(Db::Postgres);
    let project = project(Db::Postgres);
    for (number, (version, arguments)) in LIFE.iter().enumerate() {
        project.version(version);
        if killed(&project, arguments, "migrator::index::built=return") {
            project.sql(
                "UPDATE pg_index SET indisvalid = false WHERE indrelid = 'users'::regclass
                 AND indexrelid IN (SELECT oid FROM pg_class WHERE relname LIKE '%name%' AND
                 relkind = 'i' OR relname LIKE '%handle%') AND NOT indisprimary
                 AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            );
            let _ = project.handover(arguments).expect_status(0);
        }
        assert_eq!(left(&project), expect[number]);
    }
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

/// On MariaDB the session that changes the schema is the one that holds the lock. Whoever ends it
/// ends the run, whatever that is at, and leaves the lock to the next.
#[test]
fn life_kill_the_runners_session() {
    let expect = undisturbed(Db::Mariadb);
    let project = project(Db::Mariadb);
    let holder = || {
        let holder = "SELECT CAST(is_used_lock(concat('handover.', \
                      left(sha2(database(), 256), 40))) AS char)";
        project.query(holder).remove(0)
    };
    let kill = |arguments: &[&str], is_there: &dyn Fn() -> bool| {
        let runner = project.command(arguments).stderr(Stdio::piped()).spawn().unwrap();
        until("the runner is where it shall be", is_there);
        project.sql(&format!("KILL CONNECTION {}", holder()));
        let output = runner.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("backfill of `rename_it` for release 9.0.0 failed"), "{said}");
        assert!(said.ends_with("run the same command again\n"), "{said}");
        until("the lock is free", || holder() == "NULL");
        assert_eq!(state(&project), "dual_write", "{said}");
        said
    };

    project.version("9.0.0");
    let _ = project.handover(LIFE[0].1).expect_status(0);
    // While it asks again and again for a table that somebody reads.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let reader = runtime.block_on(async {
        let reader = project.connect().await.begin().await.unwrap();
        reader.execute_unprepared("SELECT 1 FROM users").await.unwrap();
        reader
    });
    // It has the lock before it has begun, and on a busy machine for long enough to be met there.
    let begun = "SELECT stage FROM handover_migrations WHERE status = 'running'";
    kill(LIFE[1].1, &|| holder() != "NULL" && !project.query(begun).is_empty());
    runtime.block_on(reader.rollback()).unwrap();
    // Between two statements.
    let slow = ["db", "migrate", "--offline", "--batch-size", "1", "--batch-pause", "2s"];
    let copied = "SELECT change_name FROM handover_backfills";
    let said = kill(&slow, &|| !project.query(copied).is_empty());
    assert!(said.contains("the connection that held the migration lock was ended"), "{said}");

    let _ = project.handover(LIFE[1].1).expect_status(0);
    assert_eq!(left(&project), expect[1]);
}
