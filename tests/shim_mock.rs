//! An app's tests with sea-orm's `MockDatabase`.

use handover::{Shim, ShimError};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, DatabaseBackend, EntityTrait as _,
    MockDatabase, MockExecResult, QueryFilter as _, Statement, Transaction, TransactionTrait as _,
};

use crate::support::app::after::users;

fn ada() -> users::Model {
    users::Model { id: 1, handle: "ada".to_owned(), email: None }
}

/// The app of the worked example, on a connection that answers with what is given to it only. Any
/// statement of the shim's own would take an answer away from the app.
#[tokio::test]
async fn shim_mock_gets_the_statements_of_the_app_and_no_other() {
    for backend in [DatabaseBackend::Sqlite, DatabaseBackend::Postgres, DatabaseBackend::MySql] {
        let mock = MockDatabase::new(backend)
            .append_query_results([[ada()], [ada()]])
            .append_exec_results([MockExecResult { last_insert_id: 2, rows_affected: 1 }])
            .into_connection();
        let releases = handover::releases!("release_migrations");
        let db = Shim::builder(mock.clone(), releases).app_version("9.0.0").start().await.unwrap();
        assert!(db.is_mock_connection());

        let named = users::Entity::find().filter(users::Column::Handle.eq("ada"));
        assert_eq!(named.one(&db).await.unwrap(), Some(ada()));
        let transaction = db.begin().await.unwrap();
        let row = users::Entity::insert(users::ActiveModel {
            handle: Set("eve".to_owned()),
            ..Default::default()
        });
        row.exec_without_returning(&transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let all = Statement::from_string(backend, "SELECT * FROM users");
        db.query_all_raw(all).await.unwrap();
        db.shutdown().await.unwrap();

        let sent: Vec<String> = mock
            .into_transaction_log()
            .iter()
            .flat_map(Transaction::statements)
            .map(|statement| statement.sql.replace(['"', '`'], ""))
            .collect();
        let question = if backend == DatabaseBackend::Postgres { "$1" } else { "?" };
        let limit = if backend == DatabaseBackend::Postgres { "$2" } else { "?" };
        let expect = [
            format!(
                "SELECT users.id, users.handle, users.email FROM users WHERE users.handle = {question} \
                 LIMIT {limit}"
            ),
            "BEGIN".to_owned(),
            format!("INSERT INTO users (handle) VALUES ({question})"),
            "COMMIT".to_owned(),
            "SELECT * FROM users".to_owned(),
        ];
        assert_eq!(sent, expect, "{backend:?}");
    }
}

/// What is wrong with the set-up is found in such a test as well.
#[tokio::test]
async fn shim_mock_needs_the_release_of_the_app() {
    let mock = MockDatabase::new(DatabaseBackend::Sqlite).into_connection();
    let error = Shim::builder(mock, handover::Releases::default()).start().await.unwrap_err();
    assert_eq!(error, ShimError::NoVersion.into());
}

#[cfg(feature = "mock")]
#[tokio::test]
async fn shim_mock_gives_its_log_and_is_found_by_its_connection() {
    let mock = MockDatabase::new(DatabaseBackend::Sqlite)
        .append_query_results([[ada()]])
        .into_connection();
    let db = Shim::builder(mock.clone(), handover::Releases::default()).app_version("9.0.0");
    let db = db.start().await.unwrap();
    assert_eq!(db.as_mock_connection().get_database_backend(), DatabaseBackend::Sqlite);
    let found = Shim::of(&mock).unwrap();
    users::Entity::find().one(&found).await.unwrap();
    assert_eq!(db.into_transaction_log().len(), 1);
}
