use std::future::Future;
use std::sync::Arc;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};

use super::lease::Lease;
use super::snapshot::Snapshot;
use crate::database::Fault;

/// What a statement is sent on, as far as sending it again is another matter there.
pub(super) trait Line: Sync {
    /// sea-orm's part of it.
    type Connection: Sync;

    fn connection(&self) -> &Self::Connection;

    /// The beginning of what a failed upsert is rolled back to, where it would take more with it.
    fn savepoint(&self) -> impl Future<Output = Result<Option<DatabaseTransaction>, DbErr>> + Send;

    /// The mapping by which a statement may succeed that failed by this one, if there is another.
    fn newer(
        &self,
        failed: &Snapshot,
        fault: Fault,
    ) -> impl Future<Output = Result<Option<Arc<Snapshot>>, DbErr>> + Send;

    /// Goes by a newer mapping from now on.
    fn go_by(&self, newer: &Arc<Snapshot>);

    /// The error as the app is told of it.
    fn told(&self, error: DbErr, fault: Fault) -> impl Future<Output = DbErr> + Send;
}

/// Outside of a transaction.
impl Line for Lease {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        self.database.connection()
    }

    async fn savepoint(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        Ok(None)
    }

    async fn newer(&self, failed: &Snapshot, fault: Fault) -> Result<Option<Arc<Snapshot>>, DbErr> {
        self.refresh().await?;
        let fresh = self.mapping().await?;
        // The connection keeps the outdated plan for as long as it sees the same text. By the
        // mapping of by now, a star is a list, which is another text.
        let other = fault == Fault::CachedPlan || fresh.epoch != failed.epoch;
        Ok(other.then_some(fresh))
    }

    /// The lease is what keeps it.
    fn go_by(&self, _: &Arc<Snapshot>) {}

    async fn told(&self, error: DbErr, _: Fault) -> DbErr {
        error
    }
}
