//! The tests' own MariaDB server, and what of the library works on it already.

use sea_orm::{ConnectOptions, Database, DatabaseConnection};

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
    use sea_orm::{ConnectionTrait, TransactionTrait};
    let database = mariadb::fresh_database();
    let connection = connect(&database).await;
    connection.execute_unprepared("CREATE TABLE t (id int PRIMARY KEY)").await.unwrap();
    let transaction = connection.begin().await.unwrap();
    transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap();
    drop(database);
    assert!(transaction.execute_unprepared("INSERT INTO t VALUES (2)").await.is_err());
}
