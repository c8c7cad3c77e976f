//! What the database does by itself when the runner, or its session, has gone.

use std::process::Stdio;

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use super::{LIFE, killed, left, project, undisturbed};
use crate::support::project::Db;
use crate::support::rename::state;
use crate::support::wait::until;

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
