use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::*;
use crate::database::{Database, Dialect, tables};
use crate::fleet::{Identity, REFRESH};
use crate::model::Release;
use crate::shim::code::Code;
use crate::shim::lease::Lease;

const UPDATE: &str = "UPDATE users SET handle = 'x'";

async fn lease() -> (DatabaseConnection, Arc<Lease>) {
    let connection = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
    tables::create(&connection, Dialect::Sqlite, None).await.unwrap();
    let refusing = "CREATE TABLE users (id integer UNIQUE); INSERT INTO users VALUES (1);
                    CREATE TABLE guarded (id integer);
                    CREATE TRIGGER guard BEFORE INSERT ON guarded
                        BEGIN SELECT RAISE(ABORT, 'handover guard: no'); END";
    connection.execute_unprepared(refusing).await.unwrap();
    let identity = Identity {
        id: "one".to_owned(),
        app: None,
        host: "here".to_owned(),
        pid: 1,
        release: Release::new(9, 0, 0),
        followed: Vec::new(),
    };
    let database = Database::from_connection(connection.clone()).unwrap();
    let code = Code::of(Release::new(9, 0, 0));
    let lease = Lease::start(database, identity, code, Duration::from_mins(1), REFRESH).await;
    (connection, lease.unwrap())
}

/// The error of a statement that the database refuses.
async fn refused(connection: &DatabaseConnection, expect: Fault) -> DbErr {
    let sql = match expect {
        Fault::Guard => "INSERT INTO guarded VALUES (1)",
        Fault::UndefinedColumn => UPDATE,
        Fault::UndefinedTable => "SELECT 1 FROM nobody",
        Fault::Unique => "INSERT INTO users VALUES (1)",
        _ => "this is no SQL",
    };
    let error = connection.execute_unprepared(sql).await.unwrap_err();
    assert_eq!(fault(&error), expect, "{error}");
    error
}

async fn begin(lease: &Lease) -> Attempt<'_, Lease> {
    Attempt::new(lease, lease.mapping().await.unwrap())
}

async fn move_on(connection: &DatabaseConnection) {
    let sql = "UPDATE handover_metadata SET epoch = epoch + 1";
    connection.execute_unprepared(sql).await.unwrap();
}

/// However often the columns move on: neither a rename that never ends nor an error that the
/// shim did not cause may hold a statement for ever.
#[tokio::test]
async fn a_statement_is_sent_again_twice_at_most() {
    let (connection, lease) = lease().await;
    for kind in [Fault::UndefinedColumn, Fault::Guard] {
        let mut attempt = begin(&lease).await;
        for again in [true, true, false] {
            move_on(&connection).await;
            let error = refused(&connection, kind).await;
            assert_eq!(attempt.prepare_resend(UPDATE, error).await.is_ok(), again, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_statement_is_sent_again_only_if_the_columns_moved_on() {
    let (connection, lease) = lease().await;
    for kind in [Fault::UndefinedColumn, Fault::Guard] {
        let mut attempt = begin(&lease).await;
        let error = refused(&connection, kind).await;
        let given = attempt.prepare_resend(UPDATE, error.clone()).await.unwrap_err();
        assert_eq!(given, error);
    }
}

#[tokio::test]
async fn an_error_of_another_kind_is_given_back_whatever_moved_on() {
    let (connection, lease) = lease().await;
    // The same row sent twice violates a unique index too. Only an upsert may violate the index
    // of the other column.
    for kind in [Fault::UndefinedTable, Fault::Unique, Fault::Other] {
        let mut attempt = begin(&lease).await;
        move_on(&connection).await;
        let error = refused(&connection, kind).await;
        let given = attempt.prepare_resend(UPDATE, error.clone()).await.unwrap_err();
        assert_eq!(given, error, "{kind:?}");
    }
}

#[tokio::test]
async fn a_text_of_several_statements_is_never_sent_again() {
    let (connection, lease) = lease().await;
    for kind in [Fault::UndefinedColumn, Fault::Guard] {
        let mut attempt = begin(&lease).await;
        move_on(&connection).await;
        let error = refused(&connection, kind).await;
        let two = "DELETE FROM users; UPDATE users SET handle = 'x'";
        assert!(attempt.prepare_resend(two, error).await.is_err(), "{kind:?}");
    }
}
