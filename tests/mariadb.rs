//! The tests' own MariaDB server, and what of the library works on it already.

use std::time::Duration;

use handover::Dialect;
use handover::database::tables::{self, BackfillRow, Control};
use handover::database::{Fault, execute, fault};
use handover::model::{
    ChangeKind, ChangeName, ChangeRecord, ColumnPair, Instance, MigrationRecord, MigrationStatus,
    Release, State,
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait};

use crate::support::mariadb;
use crate::support::project::query;

async fn connect(database: &mariadb::Database) -> DatabaseConnection {
    let mut options = ConnectOptions::new(&database.url);
    options.max_connections(2).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, other) = (mariadb::fresh_database(), mariadb::fresh_database());
    let (one, other) = (connect(&one).await, connect(&other).await);
    let name = "SELECT database()";
    assert_ne!(query(&one, name).await, query(&other, name).await);
}

/// A connection that a test forgets must not hold up the end of its database.
#[tokio::test]
async fn a_database_with_an_open_transaction_is_dropped() {
    let database = mariadb::fresh_database();
    let connection = connect(&database).await;
    connection.execute_unprepared("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
    let transaction = connection.begin().await.unwrap();
    transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap();
    drop(database);
    assert!(transaction.execute_unprepared("INSERT INTO t VALUES (2)").await.is_err());
}

const MARIADB: Dialect = Dialect::MariaDb;

/// Every statement on the `handover_*` tables, with the values that come back. MariaDB has other
/// upserts and placeholders, and reserves `release` and `cursor`.
#[tokio::test]
async fn handovers_own_tables_hold_what_is_put_into_them() {
    let database = mariadb::fresh_database();
    let db = &connect(&database).await;
    assert!(!tables::exist(db, MARIADB).await.unwrap());
    for _ in 0..2 {
        tables::create(db, MARIADB, None).await.unwrap();
    }
    assert!(tables::exist(db, MARIADB).await.unwrap());
    tables::set_schema_version(db, None, Some(&"9.0.0".parse().unwrap())).await.unwrap();
    let metadata = tables::metadata(db, MARIADB).await.unwrap();
    assert_eq!((metadata.epoch, metadata.schema_version), (0, Some("9.0.0".parse().unwrap())));
    assert!((0..60_000).contains(&metadata.age_ms), "{}", metadata.age_ms);

    let migration = |id| MigrationRecord {
        id,
        slug: "it's \\ ä".to_owned(),
        change: Some("rename_it".parse().unwrap()),
        stage: None,
        release: "9.0.0".parse().unwrap(),
        checksum: "c".repeat(70_000),
        app_version: "9.0.1".parse().unwrap(),
        status: MigrationStatus::Running,
        run_order: 0,
        started_at: 0,
        finished_at: None,
    };
    for id in [7, 3, 7] {
        tables::begin_migration(db, MARIADB, None, &migration(id)).await.unwrap();
    }
    tables::finish_migration(db, MARIADB, None, 3).await.unwrap();
    let found = tables::migrations(db, MARIADB, None).await.unwrap();
    let ids: Vec<_> = found.iter().map(|row| (row.id, row.run_order, row.status)).collect();
    assert_eq!(ids, [(7, 1, MigrationStatus::Running), (3, 2, MigrationStatus::Done)]);
    assert_eq!((&found[0].slug, &found[0].checksum), (&migration(7).slug, &migration(7).checksum));

    let name: ChangeName = "rename_it".parse().unwrap();
    let release: Release = "9.0.0".parse().unwrap();
    let rename = |to: &str| ColumnPair {
        table: "users".parse().unwrap(),
        from: "username".parse().unwrap(),
        to: to.parse().unwrap(),
    };
    let change = |to: &str| ChangeRecord {
        app: None,
        name: Clone::clone(&name),
        kind: ChangeKind::Rename(rename(to)),
        expand_release: Clone::clone(&release),
        state: State::Pending,
        epoch: 0,
        computed_default: None,
        conversion: None,
    };
    for to in ["other", "handle"] {
        tables::insert_change(db, MARIADB, &change(to), "{}").await.unwrap();
    }
    let seen = tables::change(db, MARIADB, &name).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.columns()), (State::Pending, &rename("handle")));
    assert_eq!(tables::publish(db, &seen, State::DualWrite).await.unwrap().unwrap(), 1);
    // Nobody's second attempt moves it again, and a change that has begun keeps its columns.
    assert!(tables::publish(db, &seen, State::DualWrite).await.unwrap().is_err());
    tables::insert_change(db, MARIADB, &change("third"), "{}").await.unwrap();
    let now = tables::changes(db, MARIADB).await.unwrap();
    assert_eq!(
        (now[0].state, now[0].epoch, now[0].columns()),
        (State::DualWrite, 1, seen.columns())
    );

    for (cursor, copied) in [("[1]", 1), ("[2]", 4)] {
        let cursor = Some(cursor.to_owned());
        let batch = tables::Batch { cursor, copied, estimated: 9 };
        assert_eq!(tables::note_batch(db, MARIADB, &now[0], &batch).await.unwrap().unwrap(), None);
        // In a state that the change has left nothing is noted.
        assert!(tables::note_batch(db, MARIADB, &seen, &batch).await.unwrap().is_err());
    }
    let control = Control { paused: true, ..Control::default() };
    assert!(tables::set_control(db, MARIADB, &now[0], control).await.unwrap());
    assert!(!tables::set_control(db, MARIADB, &seen, control).await.unwrap());
    let cursor = Some("[2]".to_owned());
    let row = BackfillRow { cursor, rows_copied: 5, rows_estimated: 9, control };
    assert_eq!(tables::backfill(db, &name).await.unwrap(), Some(row));
}

#[tokio::test]
async fn leases_run_by_the_clock_of_the_database() {
    let database = mariadb::fresh_database();
    let db = &connect(&database).await;
    tables::create(db, MARIADB, None).await.unwrap();
    let row = |acknowledged| Instance {
        app: None,
        id: "one".to_owned(),
        host: "h".to_owned(),
        pid: 7,
        release: "9.0.0".parse().unwrap(),
        acknowledged,
        live: true,
        followed: Vec::new(),
    };
    let hour = Duration::from_hours(1);
    for acknowledged in [1, 2] {
        let transaction = db.begin().await.unwrap();
        assert!(tables::lock_epoch(&transaction, MARIADB, false).await.is_ok());
        tables::register(&transaction, MARIADB, &row(acknowledged), hour).await.unwrap();
        transaction.commit().await.unwrap();
    }
    assert_eq!(tables::instances(db, MARIADB).await.unwrap(), [row(2)]);
    tables::acknowledge(db, "one", 5).await.unwrap();
    assert!(tables::renew(db, MARIADB, "one", Duration::ZERO).await.unwrap());
    assert!(!tables::renew(db, MARIADB, "one", hour).await.unwrap(), "it had run out");
    let expired = Instance { live: false, ..row(5) };
    assert_eq!(tables::instances(db, MARIADB).await.unwrap(), [expired]);
    tables::leave(db, "one").await.unwrap();
    assert!(tables::instances(db, MARIADB).await.unwrap().is_empty());
}

/// Protocol, gate 16: who registers shares the epoch, who changes a state has it alone.
#[tokio::test]
async fn registration_excludes_a_state_change() {
    let database = mariadb::fresh_database();
    let db = &connect(&database).await;
    tables::create(db, MARIADB, None).await.unwrap();
    let registering = db.begin().await.unwrap();
    tables::lock_epoch(&registering, MARIADB, false).await.unwrap();
    let entering = db.begin().await.unwrap();
    execute(&entering, "SET innodb_lock_wait_timeout = 0", []).await.unwrap();
    let error = tables::lock_epoch(&entering, MARIADB, true).await.unwrap_err();
    assert_eq!(fault(&error), Fault::Lock, "{error}");
}

#[tokio::test]
async fn errors_are_told_apart() {
    let database = mariadb::fresh_database();
    let db = &connect(&database).await;
    let guard = "CREATE TRIGGER t_guard BEFORE UPDATE ON t FOR EACH ROW \
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'handover guard: no'";
    let other = "CREATE TRIGGER t_other BEFORE DELETE ON t FOR EACH ROW \
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the app says no'";
    for sql in ["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)", guard, other] {
        db.execute_unprepared(sql).await.unwrap();
    }
    for (sql, expected) in [
        ("SELECT gone FROM t", Fault::UndefinedColumn),
        ("INSERT INTO t (gone) VALUES (1)", Fault::UndefinedColumn),
        ("SELECT 1 FROM gone", Fault::UndefinedTable),
        ("INSERT INTO t VALUES (1)", Fault::Unique),
        ("UPDATE t SET id = 2", Fault::Guard),
        ("DELETE FROM t", Fault::Other),
        ("nonsense", Fault::Other),
    ] {
        let error = execute(db, sql, []).await.unwrap_err();
        assert_eq!(fault(&error), expected, "{sql}: {error}");
    }
}
