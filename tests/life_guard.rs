//! The guard on PostgreSQL: whom it refuses, when, and what it costs the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, TransactionTrait as _};

use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};

const STRAY_UPDATE: &str = "UPDATE users SET username = 'stray' WHERE id = 1";
const STRAY_INSERT: &str = "INSERT INTO users (id, username) VALUES (9, 'stray')";

/// In `read_to`: both columns are NOT NULL and unique, and `username` is guarded.
fn guarded() -> Project {
    let project = Project::new(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int PRIMARY KEY, username text NOT NULL UNIQUE, n int);
         INSERT INTO users VALUES (1, 'ada', 0), (2, 'grace', 0)",
    );
    USERS.write(&project);
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(state(&project), "read_to");
    project
}

fn guards(project: &Project) -> Vec<String> {
    project.query(
        "SELECT split_part(tgname, '_', 6) || ' ' || split_part(pg_get_triggerdef(oid), ' ', 4)
                || ' ' || tgenabled::text
         FROM pg_trigger WHERE tgname LIKE 'zzz_handover%' ORDER BY 1",
    )
}

/// Fails unless the guard refuses the statements, each in a transaction that begins with `first`.
async fn expect_refused(project: &Project, first: &str) {
    let db = project.connect().await;
    for stray in [STRAY_UPDATE, STRAY_INSERT] {
        let transaction = db.begin().await.unwrap();
        transaction.execute_unprepared(first).await.unwrap();
        let error = transaction.execute_unprepared(stray).await.unwrap_err().to_string();
        assert!(error.contains("handover guard: change rename_it"), "{stray}: {error}");
    }
    let both = "UPDATE users SET username = 'ada', handle = 'ada' WHERE id = 1";
    db.execute_unprepared(both).await.unwrap();
}

#[tokio::test]
async fn life_guard_refuses_after_an_update_and_before_an_insert() {
    let project = guarded();
    // Before an update it would have every row of the copy locked first.
    assert_eq!(guards(&project), ["insert BEFORE A", "update AFTER A"]);
    // Of an insert the database would say that `handle` must not be NULL.
    expect_refused(&project, "SELECT 1").await;
    // Whoever replicates into the table does not run its triggers, but this one.
    expect_refused(&project, "SET LOCAL session_replication_role = replica").await;
}

/// What the app's own triggers make of a row is what is looked at, whatever they are called.
#[tokio::test]
async fn life_guard_sees_what_other_triggers_made_of_the_row() {
    let project = guarded();
    project.sql(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.username := NEW.username || ''!''; RETURN NEW; END';
         CREATE TRIGGER zzzz BEFORE UPDATE OF n ON users FOR EACH ROW EXECUTE FUNCTION f()",
    );
    let db = project.connect().await;
    let both = "UPDATE users SET n = 1, username = 'x', handle = 'x' WHERE id = 1";
    let error = db.execute_unprepared(both).await.unwrap_err().to_string();
    assert!(error.contains("handover guard"), "{error}");
}

/// A database in the middle of a rename by an earlier release, whose guard was before both.
#[tokio::test]
async fn life_guard_of_an_earlier_release_counts() {
    let project = guarded();
    let [insert, update] = ["insert", "update"].map(|event| {
        let name = format!("SELECT tgname::text FROM pg_trigger WHERE tgname LIKE '%from_{event}'");
        project.query(&name).remove(0)
    });
    let function = project.query("SELECT proname::text FROM pg_proc WHERE proname ~ '^handover_'");
    let function = &function[0];
    project.sql(&format!(
        "DROP TRIGGER {insert} ON users; DROP TRIGGER {update} ON users;
         CREATE TRIGGER {insert} BEFORE INSERT ON users FOR EACH ROW
           WHEN (NEW.username IS NOT NULL AND NEW.username IS DISTINCT FROM NEW.handle)
           EXECUTE FUNCTION {function}();
         CREATE TRIGGER {update} BEFORE UPDATE OF username ON users FOR EACH ROW
           WHEN (NEW.username IS DISTINCT FROM NEW.handle) EXECUTE FUNCTION {function}()"
    ));
    let _ = project.handover(&["db", "verify"]).expect_status(0);
    expect_refused(&project, "SELECT 1").await;
    // Back and forth again: it is dropped, and the new one put on.
    let _ = project.handover(&["db", "rollback"]).expect_status(0);
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert!(guards(&project).contains(&"update AFTER A".to_owned()), "{:?}", guards(&project));
    project.version("9.0.1");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(state(&project), "contracted");
    assert_eq!(guards(&project), [""; 0]);
}

/// Reads the table, then writes to it, in one transaction after another.
async fn read_then_write(
    db: DatabaseConnection,
    id: usize,
    stop: Arc<AtomicBool>,
) -> Result<(), DbErr> {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let transaction = db.begin().await?;
        transaction.execute_unprepared("SELECT count(*) FROM users").await?;
        let name = format!("'c{id}-{number}'");
        let update = format!("UPDATE users SET username = {name}, handle = {name} WHERE id = {id}");
        transaction.execute_unprepared(&update).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// A rollback leaves the guard of `to`, and the next backfill drops it: for that PostgreSQL keeps out
/// readers, too. Asked for behind the lock that keeps out writers, it would be a deadlock with each
/// transaction that has read and wants to write.
#[test]
fn life_guard_is_dropped_without_a_deadlock() {
    let project = guarded();
    project.sql("INSERT INTO users SELECT g, 'u' || g, 0, 'u' || g FROM generate_series(3, 8) g");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (1..=8)
        .map(|id| {
            let db = runtime.block_on(project.connect());
            runtime.spawn(read_then_write(db, id, Arc::clone(&stop)))
        })
        .collect();
    for _ in 0..6 {
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(state(&project), "dual_write");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&project), "read_to");
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        runtime.block_on(client).unwrap().unwrap();
    }
}
