use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, StreamTrait, TransactionError, TransactionOptions, TransactionSession,
    TransactionTrait,
};

use super::error::ShimError;
use super::snapshot::Snapshot;
use super::stream::ShimStream;
use crate::database::{Fault, fault};

/// A transaction of a [`Shim`](super::Shim). It keeps one mapping from begin to end, and migrations
/// wait for it.
#[derive(Debug)]
pub struct ShimTransaction {
    inner: DatabaseTransaction,
    snapshot: Arc<Snapshot>,
}

/// How often an upsert is sent again that met the twin of its arbiter.
const AGAIN: u8 = 2;

impl ShimTransaction {
    pub(super) const fn new(inner: DatabaseTransaction, snapshot: Arc<Snapshot>) -> Self {
        Self { inner, snapshot }
    }
}

/// An error because the columns moved on says that the transaction may be run again; it cannot be
/// mended from here, since what it did so far went by the mapping that it began with.
fn moved_on(error: DbErr) -> DbErr {
    match fault(&error) {
        Fault::UndefinedColumn | Fault::Guard | Fault::CachedPlan => {
            ShimError::RunAgain { source: error }.into()
        }
        _ => error,
    }
}

/// Sends a statement; an upsert that may meet the twin of its arbiter goes in a savepoint, since
/// PostgreSQL would give up the whole transaction with it.
macro_rules! send {
    ($transaction:expr, $statement:expr, $method:ident) => {{
        let (mapped, upsert) = $transaction.snapshot.map(&$statement)?;
        if !upsert {
            return $transaction.inner.$method(mapped).await.map_err(moved_on);
        }
        let mut left = AGAIN;
        loop {
            let savepoint = $transaction.inner.begin().await?;
            match savepoint.$method(mapped.clone()).await {
                Ok(done) => {
                    savepoint.commit().await?;
                    return Ok(done);
                }
                Err(error) => {
                    savepoint.rollback().await?;
                    if left == 0 || fault(&error) != Fault::Unique {
                        return Err(moved_on(error));
                    }
                    left -= 1;
                }
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
        let mapped = self.snapshot.map_text(sql)?;
        let sql = mapped.as_deref().unwrap_or(sql);
        self.inner.execute_unprepared(sql).await.map_err(moved_on)
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
            let (mapped, _) = self.snapshot.map(&statement)?;
            let rows = self.inner.stream_raw(mapped).await?;
            ShimStream::begin(rows).await.map_err(moved_on)
        })
    }
}

#[async_trait::async_trait]
impl TransactionTrait for ShimTransaction {
    type Transaction = Self;

    async fn begin(&self) -> Result<Self, DbErr> {
        let inner = self.inner.begin().await?;
        Ok(Self { inner, snapshot: Arc::clone(&self.snapshot) })
    }

    async fn begin_with_config(
        &self,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<Self, DbErr> {
        let inner = self.inner.begin_with_config(isolation_level, access_mode).await?;
        Ok(Self { inner, snapshot: Arc::clone(&self.snapshot) })
    }

    async fn begin_with_options(&self, options: TransactionOptions) -> Result<Self, DbErr> {
        let inner = self.inner.begin_with_options(options).await?;
        Ok(Self { inner, snapshot: Arc::clone(&self.snapshot) })
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
        self.inner.commit().await.map_err(moved_on)
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
