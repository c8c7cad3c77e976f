use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, StreamTrait, TransactionError, TransactionOptions, TransactionSession,
    TransactionTrait,
};

use arc_swap::ArcSwap;

use super::attempt::Attempt;
use super::error::ShimError;
use super::lease::Lease;
use super::line::Line;
use super::sent::Sent;
use super::snapshot::Snapshot;
use super::stream::ShimStream;
use crate::database::{Dialect, Fault};

/// A transaction of a [`Shim`](super::Shim). It keeps one mapping from begin to end, and migrations
/// wait for it.
#[derive(Debug)]
pub struct ShimTransaction {
    inner: DatabaseTransaction,
    pinned: Arc<Pinned>,
}

/// The mapping of a transaction and of the transactions nested in it.
#[derive(Debug)]
struct Pinned {
    lease: Arc<Lease>,
    snapshot: ArcSwap<Snapshot>,
}

/// How long to wait for a connection that looks at the epoch.
const LOOK: Duration = Duration::from_secs(1);

impl ShimTransaction {
    pub(super) fn new(
        inner: DatabaseTransaction,
        lease: Arc<Lease>,
        snapshot: Arc<Snapshot>,
    ) -> Self {
        Self { inner, pinned: Arc::new(Pinned { lease, snapshot: ArcSwap::new(snapshot) }) }
    }

    fn nested(&self, inner: DatabaseTransaction) -> Self {
        Self { inner, pinned: Arc::clone(&self.pinned) }
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.pinned.snapshot.load_full()
    }

    /// Whether the epoch is no longer that of this transaction, as another connection sees it. A
    /// pool that has none to spare cannot tell.
    async fn has_moved_on(&self) -> bool {
        let lease = &self.pinned.lease;
        let looked = tokio::time::timeout(LOOK, lease.refresh()).await;
        matches!(looked, Ok(Ok(()))) && lease.epoch() != self.snapshot().epoch
    }

    fn send<'a, T, M>(&'a self, statement: Statement, method: M) -> Sent<'a, T>
    where
        M: Fn(&'a DatabaseTransaction, Statement) -> Sent<'a, T> + Send + Sync + 'a,
        T: Send + 'a,
    {
        let attempt = Attempt::new(self, self.snapshot());
        Box::pin(async move {
            let method = |inner, statement, _| method(inner, statement);
            let (done, _) = attempt.send(statement, method).await?;
            Ok(done)
        })
    }
}

impl Line for ShimTransaction {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    async fn savepoint(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        self.inner.begin().await.map(Some)
    }

    /// SQLite swaps the columns in one step with the state. A transaction that had to wait behind
    /// that step began with the mapping from before it, but sees one schema and one set of rows
    /// from its first statement to its last. What succeeded so far was right: both mappings read
    /// the same column, and the writes of the earlier one fail there, without effect.
    async fn newer(&self, failed: &Snapshot, fault: Fault) -> Result<Option<Arc<Snapshot>>, DbErr> {
        if failed.dialect != Dialect::Sqlite || fault == Fault::CachedPlan {
            return Ok(None);
        }
        // Where handover has no tables yet nothing has moved on, and the error is what it is.
        let seen = self.pinned.lease.snapshot_within(&self.inner).await.ok();
        Ok(seen.filter(|seen| seen.epoch != failed.epoch).map(Arc::new))
    }

    fn go_by(&self, newer: &Arc<Snapshot>) {
        self.pinned.snapshot.store(Arc::clone(newer));
    }

    /// An error because the columns moved on says that the transaction may be run again; it cannot
    /// be mended from here, since what it did so far went by the mapping that it began with. A
    /// column that never existed stays the error that it is.
    async fn told(&self, error: DbErr, fault: Fault) -> DbErr {
        let moved = match fault {
            Fault::Guard | Fault::CachedPlan => {
                // Looked at for the next run, which would else begin with this mapping again.
                self.has_moved_on().await;
                true
            }
            Fault::UndefinedColumn => self.has_moved_on().await,
            _ => false,
        };
        if moved { ShimError::RunAgain { source: error }.into() } else { error }
    }
}

impl ConnectionTrait for ShimTransaction {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    fn execute_raw<'s, 'f>(&'s self, statement: Statement) -> Sent<'f, ExecResult>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseTransaction::execute_raw)
    }

    fn execute_unprepared<'s, 't, 'f>(&'s self, sql: &'t str) -> Sent<'f, ExecResult>
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

    fn query_one_raw<'s, 'f>(&'s self, statement: Statement) -> Sent<'f, Option<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.send(statement, DatabaseTransaction::query_one_raw)
    }

    fn query_all_raw<'s, 'f>(&'s self, statement: Statement) -> Sent<'f, Vec<QueryResult>>
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

impl StreamTrait for ShimTransaction {
    type Stream<'a> = ShimStream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    fn stream_raw<'a>(
        &'a self,
        statement: Statement,
    ) -> Pin<Box<dyn Future<Output = Result<Self::Stream<'a>, DbErr>> + 'a + Send>> {
        let attempt = Attempt::new(self, self.snapshot());
        Box::pin(async move {
            let begin = |inner: &'a DatabaseTransaction, statement, in_savepoint| -> Sent<'a, _> {
                Box::pin(async move {
                    // The savepoint cannot be released while rows are still to come.
                    if in_savepoint {
                        return inner.query_all_raw(statement).await.map(ShimStream::of);
                    }
                    ShimStream::begin(inner.stream_raw(statement).await?).await
                })
            };
            let (rows, _) = attempt.send(statement, begin).await?;
            Ok(rows)
        })
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
        self.inner.commit().await
    }

    async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
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
    let result = callback(&transaction).await.map_err(TransactionError::Transaction);
    let ended = match result {
        Ok(_) => transaction.commit().await,
        Err(_) => transaction.rollback().await,
    };
    ended.map_err(TransactionError::Connection)?;
    result
}
