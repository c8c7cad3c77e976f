//! The shim on MariaDB, in states that are made by hand.

use std::time::Duration;

use handover::database::tables;
use handover::model::State;
use handover::{Dialect, Releases, Shim, ShimError};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement,
    TransactionTrait as _,
};

use crate::life_shim::in_state;
use crate::support::app;
use crate::support::project::{Db, Project, query};

const TYPE: &str = "varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/// A project whose tables and history are those of a state; none of handover's where there is none.
fn project(state: Option<State>) -> Project {
    let project = Project::new(Db::Mariadb);
    project.sql(app::users(Db::Mariadb));
    project.sql(&app::tables(Db::Mariadb));
    if let Some(state) = state {
        project.sql(&match state {
            State::Pending | State::Announced => "DO 1".to_owned(),
            State::Ignored | State::Purged => panic!("`{state}` is not of a rename"),
            State::DualWrite => format!("ALTER TABLE users ADD COLUMN handle {TYPE} NULL"),
            State::ReadTo => {
                format!("ALTER TABLE users ADD COLUMN handle {TYPE} NOT NULL UNIQUE; {}", guard())
            }
            State::WriteTo => format!(
                "ALTER TABLE users ADD COLUMN handle {TYPE} NOT NULL UNIQUE,
                 DROP INDEX username, MODIFY username {TYPE} NULL; {}",
                guard()
            ),
            State::Contracted => "ALTER TABLE users RENAME COLUMN username TO handle".to_owned(),
        });
        record(&project, state);
    }
    project
}

/// As the migrator would: a write of `username` alone fails.
fn guard() -> String {
    ["INSERT", "UPDATE"]
        .map(|event| {
            format!(
                "CREATE TRIGGER guard_{event} BEFORE {event} ON users FOR EACH ROW
                 IF NEW.username IS NOT NULL AND NOT (NEW.username <=> NEW.handle) THEN
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'handover guard: no'; END IF;"
            )
        })
        .concat()
}

fn record(project: &Project, state: State) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = project.connect().await;
        tables::create(&db, Dialect::MariaDb, None).await.unwrap();
        db.close().await.unwrap();
    });
    project.sql(&format!(
        "UPDATE handover_metadata SET epoch = 7;
         INSERT INTO handover_changes (name, kind, table_name, from_column, to_column,
                                       expand_release, state, epoch, definition)
         VALUES ('rename_users_username_to_handle', 'rename', 'users', 'username', 'handle',
                 '9.0.0', '{state}', 7, '{{}}')"
    ));
}

/// What a migration does that did not wait for this process.
fn move_on(project: &Project, sql: &str, state: State) {
    project.sql(sql);
    project.sql(&format!(
        "UPDATE handover_metadata SET epoch = epoch + 1;
         UPDATE handover_changes SET state = '{state}',
             epoch = (SELECT epoch FROM handover_metadata)"
    ));
}

#[test]
fn mariadb_shim_reads_and_writes_in_every_state() {
    in_state(&project(None), &["username"], false);
    for state in State::OF_A_RENAME {
        eprintln!("in {state}");
        let columns: &[_] = match state {
            State::Pending | State::Announced => &["username"],
            State::Ignored | State::Purged => panic!("`{state}` is not of a rename"),
            State::DualWrite | State::ReadTo => &["username", "handle"],
            State::WriteTo | State::Contracted => &["handle"],
        };
        in_state(&project(Some(state)), columns, true);
    }
}

async fn shim(project: &Project, version: &str) -> Shim {
    let shim = Shim::builder(one(project).await, Releases::default());
    shim.app_version(version).start().await.unwrap()
}

/// A pool of one connection, which keeps what it has prepared.
async fn one(project: &Project) -> DatabaseConnection {
    let mut options = ConnectOptions::new(&project.url);
    options.min_connections(1).max_connections(1).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(5));
    Database::connect(options).await.unwrap()
}

fn statement(sql: &str) -> Statement {
    Statement::from_string(sea_orm::DbBackend::MySql, sql)
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

/// Undefined columns and the guard, by statements that were mapped before the columns moved on.
#[test]
fn mariadb_shim_sends_again_what_the_columns_moved_away_from() {
    let project = project(Some(State::DualWrite));
    project.sql("INSERT INTO users (id, username, handle) VALUES (1, 'ada', 'ada')");
    run(async {
        let shim = shim(&project, "9.0.0").await;
        let update = statement("UPDATE users SET handle = 'grace' WHERE id = 1");
        let read = statement("SELECT username, handle FROM users WHERE id = 1");
        shim.execute_raw(update.clone()).await.unwrap();
        move_on(&project, "ALTER TABLE users DROP COLUMN handle", State::Pending);
        assert_eq!(shim.execute_raw(update.clone()).await.unwrap().rows_affected(), 1);
        // Back in dual_write, a process that writes one column alone meets the guard.
        let add = format!("ALTER TABLE users ADD COLUMN handle {TYPE} NULL; {}", guard());
        move_on(&project, &add, State::DualWrite);
        let eve = statement("UPDATE users SET handle = 'eve' WHERE id = 1");
        assert_eq!(shim.execute_raw(eve).await.unwrap().rows_affected(), 1);
        let row = shim.query_one_raw(read.clone()).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "username").unwrap(), "eve");
        let physical = "SELECT concat(username, '=', handle) FROM users";
        assert_eq!(project.query(physical), ["eve=eve"]);
        shim.shutdown().await.unwrap();
    });
}

/// A star that was prepared before there was a second column gives the columns that it gave.
#[test]
fn mariadb_shim_of_a_star_prepared_before_the_rename() {
    let project = project(Some(State::Pending));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    run(async {
        let shim = shim(&project, "8.17.0").await;
        let star = || {
            Statement::from_sql_and_values(
                sea_orm::DbBackend::MySql,
                "SELECT * FROM users WHERE id = ?",
                [1.into()],
            )
        };
        let before = shim.query_one_raw(star()).await.unwrap().unwrap().column_names();
        move_on(
            &project,
            &format!("ALTER TABLE users ADD COLUMN handle {TYPE} NULL"),
            State::DualWrite,
        );
        let row = shim.query_one_raw(star()).await.unwrap().unwrap();
        assert_eq!(row.column_names(), before);
        assert_eq!(row.try_get::<String>("", "username").unwrap(), "ada");
        shim.shutdown().await.unwrap();
    });
}

/// In a transaction it is a typed error: what the transaction has done so far went by the mapping
/// from before. A snapshot from before a table was copied says so too (1412).
#[test]
fn mariadb_shim_a_transaction_is_run_again() {
    let project = project(Some(State::DualWrite));
    project.sql("INSERT INTO users (id, username, handle) VALUES (1, 'ada', 'ada')");
    run(async {
        let pool = project.connect().await;
        let shim = Shim::builder(pool, Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        let expect_run_again = |result: Result<_, DbErr>| {
            let error = result.map(|_: sea_orm::ExecResult| ()).unwrap_err();
            assert!(ShimError::is_run_again(&error), "{error:?}");
        };
        let update = || statement("UPDATE users SET handle = 'grace' WHERE id = 1");
        let transaction = shim.begin().await.unwrap();
        transaction.query_all_raw(statement("SELECT 1 FROM posts")).await.unwrap();
        move_on(&project, "ALTER TABLE users DROP COLUMN handle", State::Pending);
        expect_run_again(transaction.execute_raw(update()).await);
        drop(transaction);
        let transaction = shim.begin().await.unwrap();
        transaction.execute_raw(update()).await.unwrap();
        transaction.query_all_raw(statement("SELECT 1 FROM posts")).await.unwrap();
        // Not just dropped: then it would be rolled back at some time after, and the schema change
        // below waits for it, and keeps this thread from doing so.
        transaction.rollback().await.unwrap();
        assert_eq!(project.query("SELECT username FROM users"), ["ada"]);

        let transaction = shim.begin().await.unwrap();
        transaction.query_all_raw(statement("SELECT 1 FROM posts")).await.unwrap();
        move_on(&project, "ALTER TABLE users FORCE, ALGORITHM=COPY", State::Pending);
        let read = transaction.query_all_raw(statement("SELECT username FROM users")).await;
        let error = read.unwrap_err();
        assert!(ShimError::is_run_again(&error), "{error:?}");
        drop(transaction);
        shim.shutdown().await.unwrap();
    });
}

/// Only where a `SET` is from left to right and texts are read as the tokenizer reads them.
#[test]
fn mariadb_shim_of_a_session_that_reads_sql_otherwise() {
    let project = project(Some(State::DualWrite));
    run(async {
        for (mode, refused) in [
            ("STRICT_ALL_TABLES", false),
            ("PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE", false),
            ("SIMULTANEOUS_ASSIGNMENT", true),
            ("ANSI_QUOTES", true),
            ("NO_BACKSLASH_ESCAPES", true),
            ("ORACLE", true),
        ] {
            let pool = one(&project).await;
            pool.execute_unprepared(&format!("SET sql_mode = '{mode}'")).await.unwrap();
            let shim = Shim::builder(pool, Releases::default()).app_version("9.0.0").start().await;
            match shim {
                Ok(shim) => {
                    assert!(!refused, "{mode}");
                    shim.shutdown().await.unwrap();
                }
                Err(error) => {
                    let error = error.to_string();
                    assert!(refused && error.contains("sql_mode"), "{mode}: {error}");
                }
            }
        }
    });
}

/// The value of a volatile expression is the same in both columns, whichever is read.
#[test]
fn mariadb_shim_computes_a_volatile_value_once() {
    for state in [State::DualWrite, State::ReadTo] {
        let project = project(Some(state));
        run(async {
            let shim = shim(&project, "9.0.0").await;
            for sql in [
                "INSERT INTO users (username) VALUES (uuid()), (uuid())",
                "UPDATE users SET handle = concat(handle, uuid())",
                "INSERT INTO users (id, username) VALUES (1, 'x') \
                 ON DUPLICATE KEY UPDATE username = uuid()",
            ] {
                shim.execute_raw(statement(sql)).await.unwrap();
            }
            let physical = project.connect().await;
            let differ = "SELECT username FROM users WHERE NOT (username <=> handle)";
            assert_eq!(query(&physical, differ).await, [""; 0], "{state}");
            let all = "SELECT CAST(count(DISTINCT username) AS char) FROM users";
            assert_eq!(query(&physical, all).await, ["2"]);
            shim.shutdown().await.unwrap();
        });
    }
}
