//! A statement is sent again where the database has refused it whole, and not too often; what is
//! counted of that.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use handover::manifest::Folders;
use handover::{IntoReleases, Releases, Shim, ShimError};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DbBackend, DbErr, Statement, StreamTrait as _,
    TransactionTrait as _,
};

use crate::support::app;
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::state;

/// What a migration does that did not wait for this process.
const MOVE_ON: &str = "
    ALTER TABLE users DROP COLUMN handle;
    UPDATE handover_metadata SET epoch = epoch + 1;
    UPDATE handover_changes SET state = 'pending', epoch = (SELECT epoch FROM handover_metadata)";

/// The worked example, as the command leaves it.
fn migrated(project: &Project, arguments: &[&str]) {
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(arguments).expect_status(0);
}

/// Runs a test in `dual_write`, and gives what was counted.
fn counted(project: &Project, test: impl AsyncFn(&Shim)) -> Vec<(String, u64)> {
    migrated(project, &["db", "migrate", "--pre"]);
    counted_by(project, Releases::default(), test)
}

/// Runs a test, and gives what was counted. On one thread, so that the shim looks at the database
/// only where the test awaits: what is sent straight after `MOVE_ON` goes by the mapping from
/// before it.
fn counted_by(
    project: &Project,
    releases: impl IntoReleases,
    test: impl AsyncFn(&Shim),
) -> Vec<(String, u64)> {
    let recorder = DebuggingRecorder::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, releases);
            let shim = shim.app_version("9.0.0").lease(Duration::from_mins(5));
            let shim = shim.start().await.unwrap();
            test(&shim).await;
            shim.shutdown().await.unwrap();
        });
    });
    let mut counted: Vec<_> = recorder
        .snapshotter()
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, described, value)| {
            assert!(described.is_some(), "{key:?}");
            let DebugValue::Counter(count) = value else { panic!("{key:?}") };
            let name = key.key().name().trim_start_matches("handover_shim_");
            (name.trim_end_matches("_total").to_owned(), count)
        })
        .collect();
    counted.sort();
    counted
}

fn expect(counted: &[(String, u64)], expected: [(&str, u64); 4]) {
    let counted: Vec<_> = counted.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(counted, expected);
}

async fn send(shim: &Shim, sql: &str) -> Result<u64, DbErr> {
    let statement = Statement::from_string(ConnectionTrait::get_database_backend(shim), sql);
    shim.execute_raw(statement).await.map(|result| result.rows_affected())
}

#[test]
fn shim_resend_once_when_the_columns_moved_on() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            let update = "UPDATE users SET handle = 'grace' WHERE id = 1";
            assert_eq!(send(shim, update).await.unwrap(), 1);
            assert_eq!(send(shim, update).await.unwrap(), 1);
            send(shim, "SELECT 1").await.unwrap();
            project.sql(MOVE_ON);
            assert_eq!(send(shim, update).await.unwrap(), 1);
        });
        assert_eq!(project.query("SELECT username FROM users"), ["grace"]);
        // The update is new to each of the two mappings; a hit, and another by the outdated one.
        expect(&counted, [("cache_hits", 2), ("cache_misses", 3), ("resends", 1), ("rewrites", 2)]);
    });
}

/// A write whose rows are streamed. MariaDB has no `UPDATE … RETURNING`.
const fn streamed(db: Db) -> &'static str {
    match db {
        Db::Mariadb => "INSERT INTO users (id, handle) VALUES (2, 'eve') RETURNING handle",
        _ => "UPDATE users SET handle = 'eve' WHERE id = 1 RETURNING handle",
    }
}

#[test]
fn shim_resend_of_a_stream() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            project.sql(MOVE_ON);
            let write = streamed(project.db);
            let statement =
                Statement::from_string(ConnectionTrait::get_database_backend(shim), write);
            let rows: Vec<_> =
                shim.stream_raw(statement).await.unwrap().try_collect().await.unwrap();
            assert_eq!(rows[0].try_get::<String>("", "handle").unwrap(), "eve");
        });
        expect(&counted, [("cache_hits", 0), ("cache_misses", 2), ("resends", 1), ("rewrites", 2)]);
    });
}

/// The first of several statements may have had its effect.
#[test]
fn shim_resend_never_of_several_statements() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            project.sql(MOVE_ON);
            let two = "INSERT INTO handover_log VALUES (1); UPDATE users SET handle = 'eve'";
            project.sql("CREATE TABLE handover_log (id integer)");
            let _ = shim.execute_unprepared(two).await.unwrap_err();
            // By now the shim knows better.
            let _ = shim.execute_unprepared(two).await.unwrap();
        });
        // PostgreSQL makes one transaction of them.
        let first = if project.db == Db::Postgres { "1" } else { "2" };
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM handover_log"), [first]);
        assert!(counted.contains(&("resends".to_owned(), 0)), "{counted:?}");
    });
}

/// A unique index that sending again does not get around.
#[test]
fn shim_resend_twice_at_most() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            let upsert = if project.db == Db::Mariadb {
                project.sql("INSERT INTO users (id, username, handle) VALUES (2, 'joan', 'joan')");
                "INSERT INTO users (id, handle) VALUES (1, 'eve') \
                 ON DUPLICATE KEY UPDATE handle = 'joan'"
            } else {
                "INSERT INTO users (id, handle) VALUES (1, 'eve') ON CONFLICT (handle) DO NOTHING"
            };
            send(shim, upsert).await.unwrap_err();
            // No upsert: once is enough to know.
            send(shim, "INSERT INTO users (id, handle) VALUES (1, 'eve')").await.unwrap_err();
        });
        expect(&counted, [("cache_hits", 2), ("cache_misses", 2), ("resends", 2), ("rewrites", 2)]);
    });
}

/// Runs a test of a process of 9.0.0 that still writes one column, in `pending`.
fn counted_in_pending(project: &Project, test: impl AsyncFn(&Shim)) -> Vec<(String, u64)> {
    migrated(project, &["db", "plan"]);
    counted_by(project, handover::releases!("release_migrations"), test)
}

/// Adds and copies the column without a word from the processes: their leases have run out. From
/// now on the guard refuses a write to one column.
fn migrate_past(project: &Project) {
    for phase in ["--pre", "--post"] {
        project.sql("DELETE FROM handover_instances");
        let _ = project.handover(&["db", "migrate", phase, "--offline"]).expect_status(0);
    }
    assert_eq!(state(project), "read_to");
}

/// A process that was stopped while it sent a statement writes one column where by now both have to
/// be written. The guard refuses it, and nothing is lost.
#[test]
fn shim_resend_of_what_the_guard_refused() {
    each_database(|project| {
        let counted = counted_in_pending(project, async |shim| {
            assert_eq!(
                send(shim, "UPDATE users SET handle = 'grace' WHERE id = 1").await.unwrap(),
                1
            );
            migrate_past(project);
            assert_eq!(
                send(shim, "UPDATE users SET handle = 'eve' WHERE id = 1").await.unwrap(),
                1
            );
            let insert = "INSERT INTO users (id, handle) VALUES (2, 'ada')";
            assert_eq!(send(shim, insert).await.unwrap(), 1);
        });
        let both = "SELECT username || ' ' || handle FROM users ORDER BY id";
        assert_eq!(project.query(both), ["eve eve", "ada ada"]);
        expect(&counted, [("cache_hits", 0), ("cache_misses", 4), ("resends", 1), ("rewrites", 4)]);
    });
}

/// The same within a transaction, which PostgreSQL gives up with the first error, and of which
/// MariaDB shows a column that is newer than its snapshot to nobody.
#[test]
fn shim_resend_of_a_transaction_that_the_guard_refused_is_for_the_app() {
    each_database(|project| {
        let _ = counted_in_pending(project, async |shim| {
            let update = "UPDATE users SET handle = 'eve' WHERE id = 1";
            let mut transaction = shim.begin().await.unwrap();
            migrate_past(project);
            let mut sent = transaction.execute_unprepared(update).await;
            if project.db != Db::Sqlite {
                let error = sent.unwrap_err();
                assert!(ShimError::is_run_again(&error), "{error}");
                transaction.rollback().await.unwrap();
                transaction = shim.begin().await.unwrap();
                sent = transaction.execute_unprepared(update).await;
            }
            assert_eq!(sent.unwrap().rows_affected(), 1);
            transaction.commit().await.unwrap();
        });
        assert_eq!(project.query("SELECT username || ' ' || handle FROM users"), ["eve eve"]);
    });
}

/// Of several statements the first may have had its effect, in a transaction as well.
#[test]
fn shim_resend_never_of_several_statements_in_a_transaction() {
    each_database(|project| {
        project.sql("CREATE TABLE handover_log (id integer)");
        let _ = counted(project, async |shim| {
            let transaction = shim.begin().await.unwrap();
            project.sql(MOVE_ON);
            let two = "INSERT INTO handover_log VALUES (1); UPDATE users SET handle = 'eve'";
            let error = transaction.execute_unprepared(two).await.unwrap_err();
            assert!(ShimError::is_run_again(&error), "{error}");
            transaction.rollback().await.unwrap();
        });
        assert_eq!(project.query("SELECT username FROM users"), ["ada"]);
        assert_eq!(project.query("SELECT 'one' FROM handover_log"), [""; 0]);
    });
}

#[test]
fn shim_resend_of_a_stream_in_a_transaction() {
    each_database(|project| {
        let _ = counted(project, async |shim| {
            let write = streamed(project.db);
            let statement =
                Statement::from_string(ConnectionTrait::get_database_backend(shim), write);
            let transaction = shim.begin().await.unwrap();
            project.sql(MOVE_ON);
            match (project.db, transaction.stream_raw(statement).await) {
                (Db::Sqlite, Ok(rows)) => {
                    let rows: Vec<_> = rows.try_collect().await.unwrap();
                    assert_eq!(rows[0].try_get::<String>("", "handle").unwrap(), "eve");
                }
                (_, Err(error)) => assert!(ShimError::is_run_again(&error), "{error}"),
                (db, Ok(_)) => panic!("{db:?} goes on after an error"),
            }
            transaction.commit().await.unwrap();
        });
    });
}

/// A process from before the rename, which maps nothing, has prepared a statement with a star when
/// the first column is added. Sent again as it is, it met the same plan on the same connection.
#[test]
fn shim_resend_of_a_plan_whose_result_has_another_shape() {
    let project = Project::worked_example(Db::Postgres, "9.0.0");
    project.sql("INSERT INTO users (id, username) VALUES (4711, 'nobody else')");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let one = || {
            let mut options = ConnectOptions::new(&project.url);
            options.min_connections(1).max_connections(1).sqlx_logging(false);
            Database::connect(options)
        };
        let bare = one().await.unwrap();
        let shim = Shim::builder(one().await.unwrap(), Releases::default());
        let shim = shim.app_version("8.17.0").start().await.unwrap();
        let star = "SELECT * FROM users WHERE id = $1";
        let star =
            || Statement::from_sql_and_values(sea_orm::DbBackend::Postgres, star, [4711.into()]);
        let before = bare.query_one_raw(star()).await.unwrap().unwrap().column_names();
        assert!(shim.query_one_raw(star()).await.unwrap().is_some());
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        // Without the shim this is what an app sees.
        let error = bare.query_one_raw(star()).await.unwrap_err().to_string();
        assert!(error.contains("cached plan must not change result type"), "{error}");
        let row = shim.query_one_raw(star()).await.unwrap().unwrap();
        assert_eq!(row.column_names(), before);
        shim.shutdown().await.unwrap();
    });
}

/// The shim looks whether the columns have moved on, and there is nothing to look at yet.
#[test]
fn shim_resend_not_where_handover_has_no_tables() {
    let project = Project::new(Db::Sqlite);
    project.sql(app::users(project.db));
    project.copy_worked_example();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let releases = Releases::discover(project.root(), &Folders::default()).unwrap();
        let shim = Shim::builder(project.connect().await, releases).app_version("9.0.0");
        let transaction = shim.start().await.unwrap().begin().await.unwrap();
        let nope = Statement::from_string(DbBackend::Sqlite, "SELECT nope FROM users");
        let error = transaction.query_all_raw(nope).await.unwrap_err().to_string();
        assert!(error.contains("no such column: nope"), "{error}");
    });
}
