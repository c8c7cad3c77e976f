//! The shim: a connection for the app.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, TransactionError, TransactionOptions, TransactionTrait,
};

use super::db_future::DbFuture;
use super::lease::Lease;
use super::rewritten_statement::Rewritten;
use super::shims_by_pool::{self, Running};
use super::transaction::{ShimTransaction, run};

/// A sea-orm connection through which either name of a renamed column works, before, during and
/// after its rename.
///
/// Pass it to sea-orm calls wherever they take a `&DatabaseConnection`. It has the methods of one. It is
/// cheap to clone, and all clones are one instance of the fleet.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let connection = sea_orm::Database::connect("sqlite://app.sqlite3").await?;
/// let db = handover::Shim::builder(connection, handover::Releases::default())
///     .app_version("9.0.0")
///     .start()
///     .await?;
/// // users::Entity::find().filter(users::Column::Handle.eq("ada")).one(&db).await?;
/// db.shutdown().await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Shim {
    pub(super) lease: Arc<Lease>,
    /// Stops the background task when the last clone is dropped.
    _running: Arc<Running>,
}

impl Shim {
    pub(super) fn new(running: Arc<Running>) -> Self {
        Self { lease: Arc::clone(&running.lease), _running: running }
    }

    /// Returns the shim that this process has started on the connection or on a clone of it, for code
    /// that a framework calls with its own connection. `None` if there is none, or if its last clone
    /// has been dropped.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use handover::{Releases, Shim};
    /// let connection = sea_orm::Database::connect("sqlite::memory:").await?;
    /// let db = Shim::builder(connection.clone(), Releases::default())
    ///     .app_version("9.0.0")
    ///     .start()
    ///     .await?;
    /// assert!(Shim::of(&connection).is_some());
    /// # db.shutdown().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn of(connection: &DatabaseConnection) -> Option<Self> {
        shims_by_pool::find(connection, |_| true).map(Self::new)
    }

    /// Leaves the fleet, so that no migration waits for this process. Call it when the process has
    /// sent its last statement.
    ///
    /// # Errors
    /// The database fails. The lease then runs out by itself.
    pub async fn shutdown(&self) -> Result<(), DbErr> {
        self.lease.leave().await
    }

    /// Returns the text to send instead of `sql` under the present mapping, for statements that do
    /// not go through sea-orm. If a bare name may be another table's column, asks the database for the
    /// columns of that table, on a connection of the pool.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sea_orm::sqlx;
    /// # let connection = sea_orm::Database::connect("sqlite::memory:").await?;
    /// # let pool = connection.get_sqlite_connection_pool().clone();
    /// # sqlx::query("CREATE TABLE users (id INTEGER, username TEXT)").execute(&pool).await?;
    /// # let db = handover::Shim::builder(connection, handover::Releases::default())
    /// #     .app_version("9.0.0").start().await?;
    /// let values = ["ada", "grace"];
    /// let mut left = 2;
    /// loop {
    ///     let sent = db.rewrite("UPDATE users SET username = ? WHERE username = ?").await?;
    ///     let mut query = sqlx::query(sqlx::AssertSqlSafe(sent.sql()));
    ///     for value in sent.order(&values) {
    ///         query = query.bind(*value);
    ///     }
    ///     match query.execute(&pool).await {
    ///         Ok(_) => break,
    ///         // Outside of a transaction only: the database refused the whole statement.
    ///         Err(error) if left > 0 && sent.is_outdated(&error).await? => left -= 1,
    ///         Err(error) => return Err(error.into()),
    ///     }
    /// }
    /// # db.shutdown().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The statement cannot be mapped with certainty and must not be sent. Or the lease has run out
    /// and the database cannot be reached.
    pub async fn rewrite(&self, sql: &str) -> Result<Rewritten, DbErr> {
        let snapshot = self.lease.mapping().await?;
        Rewritten::new(sql, Arc::clone(&self.lease), snapshot).await
    }

    pub(super) fn inner(&self) -> &DatabaseConnection {
        self.lease.database.connection()
    }
}

impl ConnectionTrait for Shim {
    fn get_database_backend(&self) -> DbBackend {
        self.inner().get_database_backend()
    }

    fn execute_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, ExecResult>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseConnection::execute_raw)
    }

    fn execute_unprepared<'s, 't, 'f>(&'s self, sql: &'t str) -> DbFuture<'f, ExecResult>
    where
        's: 'f,
        't: 'f,
        Self: 'f,
    {
        let backend = ConnectionTrait::get_database_backend(self);
        self.send(Statement::from_string(backend, sql), |inner, statement| {
            Box::pin(async move { inner.execute_unprepared(&statement.sql).await })
        })
    }

    fn query_one_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, Option<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseConnection::query_one_raw)
    }

    fn query_all_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, Vec<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseConnection::query_all_raw)
    }

    fn support_returning(&self) -> bool {
        self.inner().support_returning()
    }

    fn is_mock_connection(&self) -> bool {
        self.inner().is_mock_connection()
    }
}

#[async_trait::async_trait]
impl TransactionTrait for Shim {
    type Transaction = ShimTransaction;

    async fn begin(&self) -> Result<ShimTransaction, DbErr> {
        self.begin_with_options(TransactionOptions::default()).await
    }

    async fn begin_with_config(
        &self,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<ShimTransaction, DbErr> {
        let options =
            TransactionOptions { isolation_level, access_mode, ..TransactionOptions::default() };
        self.begin_with_options(options).await
    }

    async fn begin_with_options(
        &self,
        options: TransactionOptions,
    ) -> Result<ShimTransaction, DbErr> {
        let column_changes = self.lease.column_changes();
        let snapshot = self.lease.mapping().await?;
        let inner = self.inner().begin_with_options(options).await?;
        Ok(ShimTransaction::new(inner, Arc::clone(&self.lease), snapshot, column_changes))
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c ShimTransaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let transaction = self.begin().await.map_err(TransactionError::Connection)?;
        run(transaction, callback).await
    }

    async fn transaction_with_config<F, T, E>(
        &self,
        callback: F,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(
                &'c ShimTransaction,
            ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let begun = self.begin_with_config(isolation_level, access_mode).await;
        run(begun.map_err(TransactionError::Connection)?, callback).await
    }
}
