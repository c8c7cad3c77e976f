//! How a statement in a transaction is sent again.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, TransactionTrait as _};

use super::error::ShimError;
use super::executor::Executor;
use super::lookup::has_other_columns;
use super::snapshot::Snapshot;
use super::table_set::TableSet;
use super::transaction::{REFRESH_TIMEOUT, ShimTransaction, mentions};
use crate::database::{Dialect, Fault};

/// A statement that fails, and says in the server's log who sent it.
const FAILURE: &str =
    "SELECT CAST('handover: the statement before this one has failed' AS integer)";

/// Returns true for a text that may begin, release or roll back a savepoint: in a savepoint of the
/// shim's, its own would end with that one.
fn steers_transaction(sql: &str) -> bool {
    ["savepoint", "release", "rollback"].iter().any(|word| mentions(sql, word))
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
