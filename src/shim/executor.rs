//! What a statement is sent with: the pool or a transaction.

use std::future::Future;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::snapshot::Snapshot;
use super::table_set::TableSet;
use crate::database::Fault;

/// Executes statements: the pool or a transaction, which differ in how a statement is sent again.
pub(super) trait Executor: Sync {
    /// The sea-orm connection or transaction underneath.
    type Connection: ConnectionTrait + Sync;

    fn connection(&self) -> &Self::Connection;

    /// Begins a savepoint for an upsert, if its failure would otherwise roll back more than the
    /// upsert. `None` if it would not.
    fn savepoint(&self) -> impl Future<Output = Result<Option<DatabaseTransaction>, DbErr>> + Send;

    /// Returns another mapping under which a statement that failed under this one may succeed, if
    /// there is one.
    fn newer_snapshot(
        &self,
        failed: &Snapshot,
        fault: Fault,
    ) -> impl Future<Output = Result<Option<Arc<Snapshot>>, DbErr>> + Send;

    /// Returns the mapping in which the columns that may get their other name at any moment have that
    /// one, as far as the database's error names them, and uses it from now on. `None` if it names no
    /// such column.
    fn other_names(&self, failed: &Arc<Snapshot>, said: &str) -> Option<Arc<Snapshot>>;

    /// Returns true if a statement has to be sent in a savepoint, because its failure would end the
    /// transaction, and a column that it names may get its other name before.
    fn needs_protection(&self, snapshot: &Snapshot, opens: Option<TableSet>, sql: &str) -> bool;

    /// Returns true if statements can still be sent after one has failed.
    fn goes_on(&self, snapshot: &Snapshot) -> bool;

    /// Notes the tables that a successful statement has opened.
    fn has_opened(&self, tables: Option<TableSet>);

    /// Returns a mapping of the same state, made of the columns that the tables have now, and uses it from
    /// now on. `None` if they cannot be looked at.
    fn look_at_columns(&self) -> impl Future<Output = Result<Option<Arc<Snapshot>>, DbErr>> + Send;

    /// Returns true if names may mean other tables here than elsewhere, because a statement has made a
    /// temporary table, for example.
    fn has_own_names(&self) -> bool;

    /// Notes that a statement has succeeded after which names may mean other tables.
    fn has_changed_names(&self);

    /// Returns true if tables that were looked up for a statement, which has failed, have other columns
    /// by now ([`has_other_columns`](super::lookup::has_other_columns)).
    fn has_other_columns(
        &self,
        failed: &Snapshot,
        generation: u32,
        sql: &str,
        goes_on: bool,
    ) -> impl Future<Output = Result<bool, DbErr>> + Send;

    /// Ends the transaction if a statement that was sent in a savepoint has failed for good: on
    /// PostgreSQL its failure would have ended it, and the app may rely on that.
    fn fail(&self) -> impl Future<Output = ()> + Send;

    /// Uses a newer mapping from now on.
    fn switch_to(&self, newer: &Arc<Snapshot>);

    /// Returns the error to give to the app.
    fn app_error(&self, error: DbErr, fault: Fault) -> impl Future<Output = DbErr> + Send;
}
