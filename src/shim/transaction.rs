//! A transaction of the shim, with one mapping from begin to end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, TransactionError, TransactionOptions, TransactionSession,
    TransactionTrait,
};

use arc_swap::ArcSwap;

use super::db_future::DbFuture;
use super::lease::Lease;
use super::retry::Attempt;
use super::snapshot::Snapshot;

/// A transaction of a [`Shim`](super::Shim). It uses one mapping from begin to end, and migrations
/// wait for it.
#[derive(Debug)]
pub struct ShimTransaction {
    pub(super) inner: DatabaseTransaction,
    pub(super) pinned: Arc<Pinned>,
    /// The mapped tables that a statement has opened. Until the transaction ends, nobody renames their
    /// columns. A nested transaction that is rolled back gives up what it has opened itself.
    pub(super) opened: AtomicU32,
}

/// The mapping of a transaction and of the transactions nested in it.
#[derive(Debug)]
pub(super) struct Pinned {
    pub lease: Arc<Lease>,
    pub snapshot: ArcSwap<Snapshot>,
    /// True if a statement may have given names another meaning, for this transaction alone.
    pub own_names: AtomicBool,
    /// The lease's count before the transaction began.
    column_changes: u64,
}

/// Returns true if a text has these bytes, in any case.
pub(super) fn mentions(sql: &str, word: &str) -> bool {
    sql.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The longest wait for a connection that reads the epoch.
pub(super) const REFRESH_TIMEOUT: Duration = Duration::from_secs(1);

impl ShimTransaction {
    pub(super) fn new(
        inner: DatabaseTransaction,
        lease: Arc<Lease>,
        snapshot: Arc<Snapshot>,
        column_changes: u64,
    ) -> Self {
        let pinned = Arc::new(Pinned {
            lease,
            snapshot: ArcSwap::new(snapshot),
            own_names: AtomicBool::new(false),
            column_changes,
        });
        Self { inner, pinned, opened: AtomicU32::new(0) }
    }

    fn nested(&self, inner: DatabaseTransaction) -> Self {
        let opened = AtomicU32::new(self.opened.load(Ordering::Relaxed));
        Self { inner, pinned: Arc::clone(&self.pinned), opened }
    }

    /// Forgets what the transaction has opened if a text may give that up.
    fn look_for_rollback(&self, sql: &str) {
        if self.opened.load(Ordering::Relaxed) != 0 && mentions(sql, "rollback") {
            self.opened.store(0, Ordering::Relaxed);
        }
    }

    /// Commits. What the transaction has named otherwise is so for everyone from then on.
    pub(super) async fn end_with_commit(self) -> Result<(), DbErr> {
        let committed = self.inner.commit().await;
        if self.pinned.own_names.load(Ordering::Relaxed) {
            self.pinned.lease.forget_lookups();
        }
        committed
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.pinned.snapshot.load_full()
    }

    /// Returns true if the epoch or the columns, as another connection sees them, are no longer those
    /// of this transaction. Returns false if the pool has no connection to spare.
    pub(super) async fn has_moved_on(&self) -> bool {
        let lease = &self.pinned.lease;
        let refreshed = tokio::time::timeout(REFRESH_TIMEOUT, lease.refresh()).await;
        matches!(refreshed, Ok(Ok(())))
            && (lease.epoch() != self.snapshot().epoch
                || lease.column_changes() != self.pinned.column_changes)
    }

    pub(super) fn send<'a, T, M>(&'a self, statement: Statement, method: M) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseTransaction, Statement) -> DbFuture<'a, T> + Send + Sync + 'a,
        T: Send + 'a,
    {
        let attempt = Attempt::new(self, self.snapshot());
        self.look_for_rollback(&statement.sql);
        Box::pin(async move {
            let method = |inner, statement, _| method(inner, statement);
            let (done, _) = attempt.send(statement, method).await?;
            Ok(done)
        })
    }
}

impl ConnectionTrait for ShimTransaction {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    fn execute_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, ExecResult>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseTransaction::execute_raw)
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
        self.send(statement, DatabaseTransaction::query_one_raw)
    }

    fn query_all_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, Vec<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseTransaction::query_all_raw)
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}

#[async_trait::async_trait]
impl TransactionTrait for ShimTransaction {
    type Transaction = Self;

    async fn begin(&self) -> Result<Self, DbErr> {
        Ok(self.nested(self.inner.begin().await?))
    }

    async fn begin_with_config(
        &self,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<Self, DbErr> {
        Ok(self.nested(self.inner.begin_with_config(isolation_level, access_mode).await?))
    }

    async fn begin_with_options(&self, options: TransactionOptions) -> Result<Self, DbErr> {
        Ok(self.nested(self.inner.begin_with_options(options).await?))
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(&'c Self) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
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
        F: for<'c> FnOnce(&'c Self) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: std::fmt::Display + std::fmt::Debug + Send,
    {
        let begun = self.begin_with_config(isolation_level, access_mode).await;
        run(begun.map_err(TransactionError::Connection)?, callback).await
    }
}

#[async_trait::async_trait]
impl TransactionSession for ShimTransaction {
    async fn commit(self) -> Result<(), DbErr> {
        self.commit().await
    }

    async fn rollback(self) -> Result<(), DbErr> {
        self.rollback().await
    }
}

/// Runs the callback in the transaction and commits it, or rolls it back if the callback fails.
pub(super) async fn run<F, T, E>(
    transaction: ShimTransaction,
    callback: F,
) -> Result<T, TransactionError<E>>
where
    F: for<'c> FnOnce(
            &'c ShimTransaction,
        ) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
        + Send,
    T: Send,
    E: std::fmt::Display + std::fmt::Debug + Send,
{
    let result = callback(&transaction).await;
    transaction.end(result).await
}
