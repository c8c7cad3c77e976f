use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, StreamTrait, TransactionError, TransactionOptions, TransactionSession,
    TransactionTrait,
};

use arc_swap::ArcSwap;

use super::attempt::Attempt;
use super::db_future::DbFuture;
use super::error::ShimError;
use super::executor::Executor;
use super::lease::Lease;
use super::lookup::has_other_columns;
use super::snapshot::Snapshot;
use super::stream::ShimStream;
use super::table_set::TableSet;
use crate::database::{Dialect, Fault};

/// A transaction of a [`Shim`](super::Shim). It uses one mapping from begin to end, and migrations
/// wait for it.
#[derive(Debug)]
pub struct ShimTransaction {
    pub(super) inner: DatabaseTransaction,
    pinned: Arc<Pinned>,
    /// The mapped tables that a statement has opened. Until the transaction ends, nobody renames their
    /// columns. A nested transaction that is rolled back gives up what it has opened itself.
    opened: AtomicU32,
}

/// The mapping of a transaction and of the transactions nested in it.
#[derive(Debug)]
struct Pinned {
    lease: Arc<Lease>,
    snapshot: ArcSwap<Snapshot>,
    /// True if a statement may have given names another meaning, for this transaction alone.
    own_names: AtomicBool,
    /// The lease's count before the transaction began.
    column_changes: u64,
}

/// A statement that fails, and says in the server's log who sent it.
const FAILURE: &str =
    "SELECT CAST('handover: the statement before this one has failed' AS integer)";

/// Returns true for a text that may begin, release or roll back a savepoint: in a savepoint of the
/// shim's, its own would end with that one.
fn steers_transaction(sql: &str) -> bool {
    ["savepoint", "release", "rollback"].iter().any(|word| mentions(sql, word))
}

/// Returns true if a text has these bytes, in any case.
fn mentions(sql: &str, word: &str) -> bool {
    sql.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The longest wait for a connection that reads the epoch.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(1);

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

    fn snapshot(&self) -> Arc<Snapshot> {
        self.pinned.snapshot.load_full()
    }

    /// Returns true if the epoch or the columns, as another connection sees them, are no longer those
    /// of this transaction. Returns false if the pool has no connection to spare.
    async fn has_moved_on(&self) -> bool {
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

impl Executor for ShimTransaction {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }

    async fn savepoint(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        self.inner.begin().await.map(Some)
    }

    /// Returns another mapping only on SQLite, which swaps the columns and changes the state in
    /// one step. A transaction that waited for that step began with the mapping from before it, but
    /// sees one schema and one set of rows from its first statement to its last. Its earlier
    /// statements were right: both mappings read the same column, and writes under the earlier
    /// mapping fail there without effect.
    async fn newer_snapshot(
        &self,
        failed: &Snapshot,
        fault: Fault,
    ) -> Result<Option<Arc<Snapshot>>, DbErr> {
        if failed.dialect != Dialect::Sqlite || fault == Fault::CachedPlan {
            return Ok(None);
        }
        // If handover has no tables yet, no column has moved, and the app gets the error unchanged.
        let seen = self.pinned.lease.snapshot_within(&self.inner).await.ok();
        Ok(seen.filter(|seen| seen.epoch != failed.epoch).map(Arc::new))
    }

    fn other_names(&self, failed: &Arc<Snapshot>, said: &str) -> Option<Arc<Snapshot>> {
        self.pinned.lease.with_other_names(failed, said)
    }

    /// Only PostgreSQL ends a transaction with the failure of a statement.
    fn needs_protection(&self, snapshot: &Snapshot, opens: Option<TableSet>, sql: &str) -> bool {
        let open = opens.unwrap_or(snapshot.unsettled).0 & !self.opened.load(Ordering::Relaxed);
        snapshot.dialect == Dialect::Postgres && open != 0 && !steers_transaction(sql)
    }

    fn goes_on(&self, snapshot: &Snapshot) -> bool {
        snapshot.dialect != Dialect::Postgres
    }

    fn has_opened(&self, tables: Option<TableSet>) {
        self.opened.fetch_or(tables.unwrap_or_default().0, Ordering::Relaxed);
    }

    async fn look_at_columns(&self) -> Result<Option<Arc<Snapshot>>, DbErr> {
        let (now, seen) = (self.snapshot(), self.pinned.lease.snapshot_within(&self.inner).await?);
        // A transaction keeps to the state that it began with.
        if seen.epoch != now.epoch {
            return Ok(None);
        }
        let seen = Arc::new(seen.in_place_of(now));
        self.switch_to(&seen);
        Ok(Some(seen))
    }

    fn has_own_names(&self) -> bool {
        self.pinned.own_names.load(Ordering::Relaxed)
    }

    /// The tables are there for everyone when the transaction is committed, and on MariaDB at once.
    fn has_changed_names(&self) {
        self.pinned.own_names.store(true, Ordering::Relaxed);
        self.pinned.lease.forget_lookups();
    }

    /// Looks on another connection if this transaction has ended with the error.
    async fn has_other_columns(
        &self,
        failed: &Snapshot,
        generation: u32,
        sql: &str,
        goes_on: bool,
    ) -> Result<bool, DbErr> {
        if goes_on {
            return has_other_columns(failed, &self.inner, generation, sql).await;
        }
        let connection = self.pinned.lease.database.connection();
        let look = has_other_columns(failed, connection, generation, sql);
        if let Ok(Ok(differ)) = tokio::time::timeout(REFRESH_TIMEOUT, look).await {
            return Ok(differ);
        }
        failed.lookups().forget();
        Ok(false)
    }

    async fn fail(&self) {
        if self.snapshot().dialect == Dialect::Postgres {
            // Fails, which is what it is for. The app gets the error of its own statement.
            let _ = self.inner.execute_unprepared(FAILURE).await;
        }
    }

    fn switch_to(&self, newer: &Arc<Snapshot>) {
        self.pinned.snapshot.store(Arc::clone(newer));
    }

    /// Returns [`ShimError::RunAgain`] if the statement failed because the columns moved on. The
    /// transaction cannot go on, since its earlier statements used the mapping that it began with.
    /// An error about a column that never existed is returned unchanged.
    async fn app_error(&self, error: DbErr, fault: Fault) -> DbErr {
        let moved = match fault {
            Fault::Guard | Fault::CachedPlan => {
                // Refreshes the mapping, so that the next run does not begin with this one again.
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
            let begin =
                |inner: &'a DatabaseTransaction, statement, in_savepoint| -> DbFuture<'a, _> {
                    Box::pin(async move {
                        // The savepoint cannot be released while rows are still to come.
                        if in_savepoint {
                            return inner.query_all_raw(statement).await.map(ShimStream::from_rows);
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
