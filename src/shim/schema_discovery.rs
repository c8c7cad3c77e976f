//! Lets sea-schema discover the tables through the shim. It sees the physical columns: both names while
//! both columns exist.

use std::sync::Arc;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, Statement, sqlx};
use sea_schema::sqlx_types::SqlxRow;

use super::connection::Shim;
use super::db_future::DbFuture;
use super::transaction::ShimTransaction;

#[async_trait::async_trait]
impl sea_schema::Connection for Shim {
    async fn query_all(&self, select: SelectStatement) -> Result<Vec<SqlxRow>, sqlx::Error> {
        let sql = self.get_database_backend().build(&select).to_string();
        sea_schema::Connection::query_all_raw(self, sql).await
    }

    async fn query_all_raw(&self, sql: String) -> Result<Vec<SqlxRow>, sqlx::Error> {
        let statement = Statement::from_string(self.get_database_backend(), sql);
        self.send(statement, rows::<DatabaseConnection>).await.map_err(sqlx_error)
    }
}

#[async_trait::async_trait]
impl sea_schema::Connection for ShimTransaction {
    async fn query_all(&self, select: SelectStatement) -> Result<Vec<SqlxRow>, sqlx::Error> {
        let backend = sea_orm::ConnectionTrait::get_database_backend(self);
        let sql = backend.build(&select).to_string();
        sea_schema::Connection::query_all_raw(self, sql).await
    }

    async fn query_all_raw(&self, sql: String) -> Result<Vec<SqlxRow>, sqlx::Error> {
        let backend = sea_orm::ConnectionTrait::get_database_backend(self);
        let statement = Statement::from_string(backend, sql);
        self.send(statement, rows::<DatabaseTransaction>).await.map_err(sqlx_error)
    }
}

/// Sends a text to sea-orm's own connection, which alone can take sqlx's rows out of its results.
fn rows<C: sea_schema::Connection>(
    connection: &C,
    statement: Statement,
) -> DbFuture<'_, Vec<SqlxRow>> {
    Box::pin(async move {
        let found = connection.query_all_raw(statement.sql).await;
        found.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))))
    })
}

/// Returns sqlx's error. An error of the shim keeps its text.
fn sqlx_error(error: DbErr) -> sqlx::Error {
    let own = match error {
        DbErr::Query(RuntimeErr::SqlxError(error)) => match Arc::try_unwrap(error) {
            Ok(error) => return error,
            Err(shared) => DbErr::Query(RuntimeErr::SqlxError(shared)),
        },
        other => other,
    };
    sqlx::Error::AnyDriverError(Box::new(own))
}
