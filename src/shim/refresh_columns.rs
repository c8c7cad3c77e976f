//! Refreshes the columns of the mapped tables: a lease gets a mapping of the columns that are there now.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sea_orm::{DatabaseTransaction, DbErr};

use super::lease::{Current, LOOK_TIMEOUT, Lease};
use super::registration::Registration;
use super::snapshot::Snapshot;
use crate::database::tables;
use crate::fleet::{self, Observation};

impl Lease {
    /// Puts a mapping of the same epoch into use if a mapped table has other columns than before, as
    /// `*` stands for all of them. A migration of the app adds columns without a new epoch.
    pub(super) async fn look_at_columns(&self, registration: &mut Registration) {
        match tokio::time::timeout(LOOK_TIMEOUT, self.observe_columns(registration)).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(observed))) => {
                self.adopt(registration, &observed);
                self.column_changes.fetch_add(1, Ordering::Release);
            }
            Ok(Err(error)) => tracing::debug!(%error, "the columns could not be looked at"),
            Err(_) => tracing::debug!("the columns could not be looked at in time"),
        }
    }

    /// Returns what is observed if a mapped table has other columns than before.
    async fn observe_columns(
        &self,
        registration: &Registration,
    ) -> Result<Option<Observation>, DbErr> {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        let names = registration.mapped.iter().chain(&self.table_names);
        let tables = fleet::describe(connection, dialect, names).await?;
        if tables == registration.tables {
            return Ok(None);
        }
        if !registration.registered {
            return Ok(Some(Observation { tables, ..Observation::default() }));
        }
        // Once more, at one moment with the states.
        fleet::observe(&self.database, &self.table_names).await.map(Some)
    }

    /// Returns the mapping of the same state in which the columns that may get their other name at any
    /// moment have that one, as far as the database's error names them, and puts it into use unless
    /// another one came into use meanwhile. Waits for nothing: a transaction that asks may hold the
    /// last connection of the pool.
    pub fn with_other_names(&self, failed: &Arc<Snapshot>, said: &str) -> Option<Arc<Snapshot>> {
        let other = Arc::new(failed.with_other_names(said, &self.code)?);
        let current = self.current.load();
        if Arc::ptr_eq(&current.snapshot, failed) {
            let next = Current { snapshot: Arc::clone(&other), until: current.until };
            self.current.compare_and_swap(&current, Arc::new(next));
        }
        Some(other)
    }

    /// Puts the mapping with the other names into use if the catalog shows that the columns have these
    /// now: on MariaDB a rename in place is there before its state is published. Returns true if so.
    pub async fn adopt_other_names(
        &self,
        failed: &Arc<Snapshot>,
        said: &str,
    ) -> Result<bool, DbErr> {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        let Some(names) = failed.unsettled_tables() else { return Ok(false) };
        let tables = fleet::describe(connection, dialect, names.iter()).await?;
        if !failed.is_out_of_date(&tables) {
            return Ok(false);
        }
        Ok(self.with_other_names(failed, said).is_some())
    }

    /// Returns the mapping of the state that an open transaction sees, for that transaction alone.
    pub async fn snapshot_within(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<Snapshot, DbErr> {
        let dialect = self.database.dialect();
        let observed = if tables::exist(transaction, dialect).await? {
            fleet::observe_within(transaction, dialect, &self.table_names).await?
        } else {
            let tables = fleet::describe(transaction, dialect, self.table_names.iter()).await?;
            Observation { tables, ..Observation::default() }
        };
        Ok(Snapshot::new(dialect, &self.code, &observed, &self.process).0)
    }
}
