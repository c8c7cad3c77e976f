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

use super::attempt::is_several;
use super::error::ShimError;
use super::lease::Lease;
use super::snapshot::Snapshot;
use super::stream::ShimStream;
use crate::database::{Dialect, Fault, fault};

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

/// How often an upsert is sent again that met the twin of its arbiter.
const AGAIN: u8 = 2;

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

    /// Whether the statement that failed may be sent again, by the mapping of what this
    /// transaction sees.
    ///
    /// SQLite swaps the columns in one step with the state. A transaction that had to wait behind
    /// that step began with the mapping from before it, but sees one schema and one set of rows
    /// from its first statement to its last. What succeeded so far was right: both mappings read
    /// the same column, and the writes of the earlier one fail there, without effect.
    async fn remap(&self, error: &DbErr) -> Result<bool, DbErr> {
        let snapshot = self.snapshot();
        if snapshot.dialect != Dialect::Sqlite
            || !matches!(fault(error), Fault::UndefinedColumn | Fault::Guard)
        {
            return Ok(false);
        }
        // Where handover has no tables yet nothing has moved on, and the error is what it is.
        let Ok(seen) = Box::pin(self.pinned.lease.snapshot_within(&self.inner)).await else {
            return Ok(false);
        };
        let moved = seen.epoch != snapshot.epoch;
        self.pinned.snapshot.store(Arc::new(seen));
        Ok(moved)
    }

    /// An error because the columns moved on says that the transaction may be run again; it cannot
    /// be mended from here, since what it did so far went by the mapping that it began with. A
    /// column that never existed stays the error that it is.
    async fn moved_on(&self, error: DbErr) -> DbErr {
        let moved = match fault(&error) {
            Fault::Guard | Fault::CachedPlan => {
                // Looked at for the next run, which would else begin with this mapping again.
                Box::pin(self.has_moved_on()).await;
                true
            }
            Fault::UndefinedColumn => Box::pin(self.has_moved_on()).await,
            _ => false,
        };
        if moved { ShimError::RunAgain { source: error }.into() } else { error }
    }

    /// Whether the epoch is no longer that of this transaction, as another connection sees it. A
    /// pool that has none to spare cannot tell.
    async fn has_moved_on(&self) -> bool {
        let lease = &self.pinned.lease;
        let looked = tokio::time::timeout(LOOK, lease.refresh()).await;
        matches!(looked, Ok(Ok(()))) && lease.epoch() != self.snapshot().epoch
    }
}

/// Sends a statement; an upsert that may meet the twin of its arbiter goes in a savepoint, since
/// PostgreSQL would give up the whole transaction with it.
macro_rules! send {
    ($transaction:expr, $statement:expr, $method:ident) => {{
        let mut left = AGAIN;
        loop {
            let Some((mapped, upsert)) = $transaction.snapshot().map(&$statement)? else {
                let result = $transaction.inner.$method($statement).await;
                return match result {
                    Err(error) => Err($transaction.moved_on(error).await),
                    done => done,
                };
            };
            let result = if upsert {
                let savepoint = $transaction.inner.begin().await?;
                let result = savepoint.$method(mapped).await;
                match result {
                    Ok(_) => savepoint.commit().await?,
                    Err(_) => savepoint.rollback().await?,
                }
                result
            } else {
                $transaction.inner.$method(mapped).await
            };
            match result {
                Ok(done) => return Ok(done),
                Err(error) if upsert && left > 0 && fault(&error) == Fault::Unique => left -= 1,
                Err(error) if $transaction.remap(&error).await? => {}
                Err(error) => return Err($transaction.moved_on(error).await),
            }
        }
    }};
}

#[async_trait::async_trait]
impl ConnectionTrait for ShimTransaction {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        send!(self, statement, execute_raw)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut left = AGAIN;
        loop {
            let (mapped, upsert) = self.snapshot().map_text(sql)?;
            let mapped = mapped.as_deref().unwrap_or(sql);
            let several = is_several(sql);
            let result = if upsert && !several {
                let savepoint = self.inner.begin().await?;
                let result = savepoint.execute_unprepared(mapped).await;
                match result {
                    Ok(_) => savepoint.commit().await?,
                    Err(_) => savepoint.rollback().await?,
                }
                result
            } else {
                self.inner.execute_unprepared(mapped).await
            };
            match result {
                Ok(done) => return Ok(done),
                // Of several statements the first ones have had their effect.
                Err(error) if several => return Err(self.moved_on(error).await),
                Err(error) if upsert && left > 0 && fault(&error) == Fault::Unique => left -= 1,
                Err(error) if self.remap(&error).await? => {}
                Err(error) => return Err(self.moved_on(error).await),
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        send!(self, statement, query_one_raw)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        send!(self, statement, query_all_raw)
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
        Box::pin(async move {
            loop {
                let mapped = self.snapshot().map(&statement)?;
                let mapped = mapped.map_or_else(|| statement.clone(), |(mapped, _)| mapped);
                let rows = self.inner.stream_raw(mapped).await?;
                match ShimStream::begin(rows).await {
                    Ok(begun) => return Ok(begun),
                    Err(error) if self.remap(&error).await? => {}
                    Err(error) => return Err(self.moved_on(error).await),
                }
            }
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
