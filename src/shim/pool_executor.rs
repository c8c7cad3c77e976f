//! Executes statements outside of a transaction, on the pool.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};

use super::executor::Executor;
use super::lease::Lease;
use super::lookup::has_other_columns;
use super::snapshot::Snapshot;
use super::table_set::TableSet;
use crate::database::Fault;

impl Executor for Lease {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        self.database.connection()
    }

    async fn savepoint(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        Ok(None)
    }

    async fn newer_snapshot(
        &self,
        failed: &Snapshot,
        fault: Fault,
    ) -> Result<Option<Arc<Snapshot>>, DbErr> {
        self.refresh().await?;
        let mut fresh = self.mapping().await?;
        if fault == Fault::CachedPlan && fresh.epoch == failed.epoch {
            // That refresh may have begun before the type was changed.
            self.refresh().await?;
            fresh = self.mapping().await?;
        }
        // The connection keeps an outdated plan for as long as it is sent the same text. Under the
        // current mapping, `*` becomes a list of columns, which is a different text.
        let other = fault == Fault::CachedPlan || !std::ptr::eq(&raw const *fresh, failed);
        Ok(other.then_some(fresh))
    }

    fn other_names(&self, failed: &Arc<Snapshot>, said: &str) -> Option<Arc<Snapshot>> {
        self.with_other_names(failed, said)
    }

    fn needs_protection(&self, _: &Snapshot, _: Option<TableSet>, _: &str) -> bool {
        false
    }

    fn goes_on(&self, _: &Snapshot) -> bool {
        true
    }

    fn has_opened(&self, _: Option<TableSet>) {}

    async fn look_at_columns(&self) -> Result<Option<Arc<Snapshot>>, DbErr> {
        self.refresh().await?;
        self.mapping().await.map(Some)
    }

    fn has_own_names(&self) -> bool {
        false
    }

    fn has_changed_names(&self) {
        self.forget_lookups();
    }

    async fn has_other_columns(
        &self,
        failed: &Snapshot,
        generation: u32,
        sql: &str,
        _: bool,
    ) -> Result<bool, DbErr> {
        has_other_columns(failed, self.connection(), generation, sql).await
    }

    async fn fail(&self) {}

    /// Does nothing: the refresh has already put the mapping into use.
    fn switch_to(&self, _: &Arc<Snapshot>) {}

    async fn app_error(&self, error: DbErr, _: Fault) -> DbErr {
        error
    }
}
