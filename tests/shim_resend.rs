//! A statement is sent again where the database has refused it whole, and not too often; what is
//! counted of that.

use futures_util::TryStreamExt as _;
use handover::{Releases, Shim};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr, Statement, StreamTrait as _};

use crate::support::app;
use crate::support::project::{Db, Project, each_database};

/// What a migration does that did not wait for this process.
const MOVE_ON: &str = "
    ALTER TABLE users DROP COLUMN handle;
    UPDATE handover_metadata SET epoch = epoch + 1;
    UPDATE handover_changes SET state = 'pending', epoch = (SELECT epoch FROM handover_metadata)";

/// Runs a test in `dual_write`, and gives what was counted. On one thread, so that the shim looks
/// at the database only where the test awaits: what is sent straight after `MOVE_ON` goes by the
/// mapping from before it.
fn counted(project: &Project, test: impl AsyncFn(&Shim)) -> Vec<(String, u64)> {
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
    let recorder = DebuggingRecorder::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let shim = Shim::builder(project.connect().await, Releases::default());
            let shim = shim.app_version("9.0.0").start().await.unwrap();
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

#[test]
fn shim_resend_of_a_stream() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            project.sql(MOVE_ON);
            let write = "UPDATE users SET handle = 'eve' WHERE id = 1 RETURNING handle";
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
        let first = if project.db == Db::Sqlite { "2" } else { "1" };
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM handover_log"), [first]);
        assert!(counted.contains(&("resends".to_owned(), 0)), "{counted:?}");
    });
}

/// A unique index that sending again does not get around.
#[test]
fn shim_resend_twice_at_most() {
    each_database(|project| {
        let counted = counted(project, async |shim| {
            let upsert = "INSERT INTO users (id, handle) VALUES (1, 'eve') \
                          ON CONFLICT (handle) DO NOTHING";
            send(shim, upsert).await.unwrap_err();
            // No upsert: once is enough to know.
            send(shim, "INSERT INTO users (id, handle) VALUES (1, 'eve')").await.unwrap_err();
        });
        expect(&counted, [("cache_hits", 2), ("cache_misses", 2), ("resends", 2), ("rewrites", 2)]);
    });
}

/// A process from before the rename, which maps nothing, has prepared a statement with a star when
/// the first column is added. Sent again as it is, it met the same plan on the same connection.
#[test]
fn shim_resend_of_a_plan_whose_result_has_another_shape() {
    let project = Project::worked_example(Db::Postgres, "9.0.0");
    let _ = project.handover(&["db", "init"]).expect_status(0);
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
