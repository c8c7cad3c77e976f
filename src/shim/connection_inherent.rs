//! The methods that sea-orm's `DatabaseConnection` has besides those of its traits.

use std::fmt::{Debug, Display};

use sea_orm::{
    AccessMode, DatabaseConnection, DbBackend, DbErr, IsolationLevel, SchemaBuilder,
    TransactionError, TransactionTrait as _,
};

use super::connection::Shim;
use super::transaction::ShimTransaction;

impl Shim {
    /// Returns the kind of the database.
    pub fn get_database_backend(&self) -> DbBackend {
        self.inner().get_database_backend()
    }

    /// Returns a builder of tables for entities.
    pub fn get_schema_builder(&self) -> SchemaBuilder {
        self.inner().get_schema_builder()
    }

    /// Returns a builder of tables for all entities of a module.
    #[cfg(feature = "entity-registry")]
    pub fn get_schema_registry(&self, prefix: &str) -> SchemaBuilder {
        self.inner().get_schema_registry(prefix)
    }

    /// Checks that this process can send statements: the database answers, and the lease holds or could be
    /// renewed. This is what a readiness probe asks.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.lease.mapping().await?;
        self.inner().ping().await
    }

    /// Leaves the fleet and closes the connections, also those of all clones.
    ///
    /// # Errors
    /// The connections cannot be closed, or the database fails while the process leaves the fleet.
    /// In the second case the connections are closed, and the lease runs out by itself.
    pub async fn close(self) -> Result<(), DbErr> {
        self.close_by_ref().await
    }

    /// Does the same as [`Self::close`].
    ///
    /// # Errors
    /// As of [`Self::close`].
    pub async fn close_by_ref(&self) -> Result<(), DbErr> {
        let left = self.shutdown().await;
        self.inner().close_by_ref().await?;
        left
    }

    /// Runs the callback in a transaction, and commits it, or rolls it back if the callback fails.
    ///
    /// # Errors
    /// The callback fails, or the database reports an error at the beginning or the end.
    pub async fn transaction_async<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> AsyncFnOnce(&'c ShimTransaction) -> Result<T, E> + Send,
        T: Send,
        E: Display + Debug + Send,
    {
        self.begin().await.map_err(TransactionError::Connection)?.run_async(callback).await
    }

    /// Does the same as [`Self::transaction_async`], with an isolation level and an access mode.
    ///
    /// # Errors
    /// The callback fails, or the database reports an error at the beginning or the end.
    pub async fn transaction_with_config_async<F, T, E>(
        &self,
        callback: F,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> AsyncFnOnce(&'c ShimTransaction) -> Result<T, E> + Send,
        T: Send,
        E: Display + Debug + Send,
    {
        let begun = self.begin_with_config(isolation_level, access_mode).await;
        begun.map_err(TransactionError::Connection)?.run_async(callback).await
    }

    /// Returns the connection that the shim was built on, for code that works with the physical columns,
    /// such as a migrator of sea-orm-migration. What is sent through it is not mapped.
    pub fn bare_connection(&self) -> &DatabaseConnection {
        self.inner()
    }

    /// Returns the pool of an SQLite database. The shim does not see what is sent through it: let
    /// [`Self::rewrite`] map each statement that names a renamed table.
    ///
    /// # Panics
    /// As with sea-orm, if it is another database.
    #[cfg(feature = "sqlx-sqlite")]
    pub fn get_sqlite_connection_pool(&self) -> &sea_orm::sqlx::SqlitePool {
        self.inner().get_sqlite_connection_pool()
    }

    /// Returns the pool of a PostgreSQL database. The shim does not see what is sent through it: let
    /// [`Self::rewrite`] map each statement that names a renamed table.
    ///
    /// # Panics
    /// As with sea-orm, if it is another database.
    #[cfg(feature = "sqlx-postgres")]
    pub fn get_postgres_connection_pool(&self) -> &sea_orm::sqlx::PgPool {
        self.inner().get_postgres_connection_pool()
    }

    /// Returns the pool of a MariaDB database. The shim does not see what is sent through it: let
    /// [`Self::rewrite`] map each statement that names a renamed table.
    ///
    /// # Panics
    /// As with sea-orm, if it is another database.
    #[cfg(feature = "sqlx-mysql")]
    pub fn get_mysql_connection_pool(&self) -> &sea_orm::sqlx::MySqlPool {
        self.inner().get_mysql_connection_pool()
    }
}

#[cfg(feature = "mock")]
impl Shim {
    /// Returns the mock connection underneath.
    ///
    /// # Panics
    /// As with sea-orm, if it is another connection.
    pub fn as_mock_connection(&self) -> &sea_orm::MockDatabaseConnection {
        self.inner().as_mock_connection()
    }

    /// Returns what was sent to the mock connection, and forgets it.
    ///
    /// # Panics
    /// As with sea-orm, if it is another connection.
    pub fn into_transaction_log(self) -> Vec<sea_orm::Transaction> {
        self.inner().clone().into_transaction_log()
    }
}
