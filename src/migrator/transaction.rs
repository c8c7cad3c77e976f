//! The transactions that a stage's steps run in: they wait for a lock only briefly, and try again.

use std::time::Instant;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::context::{Context, Lock};
use super::mariadb_session::{Ask, busy, unlock_tables};
use super::stage_error::StageError;
use super::table_lock::{limit_lock_wait, prepare};
use crate::database::{catalog, with_lock_retry};
use crate::manifest::LockSettings;

/// The way in which a transaction ends that has had its locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Kept,
    Undone,
}

impl Context<'_> {
    /// The table as the catalog describes it.
    pub async fn table(&self) -> Result<catalog::Table, StageError> {
        self.reading(async |transaction| self.table_within(transaction).await).await
    }

    /// Runs `look` in a transaction that takes no lock and is rolled back.
    pub async fn reading<T, L>(&self, look: L) -> Result<T, StageError>
    where
        L: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let transaction = self.database.begin_reading().await?;
        prepare(&transaction, self.dialect(), self.settings.lock.timeout).await?;
        let result = look(&transaction).await;
        transaction.rollback().await?;
        result
    }

    /// Runs `work` as [`transaction`](Self::transaction) does, and rolls it back, to find out whether
    /// the database allows it.
    pub async fn rehearsed<W>(&self, lock: Lock, work: W) -> Result<(), StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<(), StageError>,
    {
        let started = Instant::now();
        let attempt = async || match self.attempt(lock, started, Ending::Undone, &work).await {
            Err(error) if error.is_missed_lock() => Err(self.missed(lock, error).await),
            result => result,
        };
        with_lock_retry(self.lock_policy(), StageError::is_missed_lock, attempt).await
    }

    /// The table as the catalog describes it, as a transaction sees it.
    pub async fn table_within(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<catalog::Table, StageError> {
        catalog::table(transaction, self.dialect(), &self.columns().table)
            .await?
            .ok_or_else(|| StageError::NoTable { table: self.declared.columns().table.clone() })
    }

    /// Runs `work` in one transaction that waits only briefly for any lock, again and again until
    /// it has had its locks.
    pub async fn transaction<T, W>(&self, lock: Lock, work: W) -> Result<T, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let started = Instant::now();
        let attempt = async || match self.attempt(lock, started, Ending::Kept, &work).await {
            Err(error) if error.is_missed_lock() => Err(self.missed(lock, error).await),
            result => result,
        };
        with_lock_retry(self.lock_policy(), StageError::is_missed_lock, attempt).await
    }

    /// One attempt of [`transaction`](Self::transaction), the first of which was at `started`.
    async fn attempt<T, W>(
        &self,
        lock: Lock,
        started: Instant,
        ending: Ending,
        work: &W,
    ) -> Result<T, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let LockSettings { timeout, patience } = self.settings.lock;
        let ask = Ask::after(started, patience);
        let transaction = self.database.begin().await?;
        limit_lock_wait(&transaction, self.dialect(), timeout, ask).await?;
        let left = patience.saturating_sub(started.elapsed());
        let kept = ending == Ending::Kept;
        let apart = kept && self.commits_by_itself(lock);
        if apart {
            // The lock commits this.
            self.note_begun(&transaction).await?;
        }
        self.lock_table(&transaction, lock, ask, left).await?;
        if apart {
            self.set_begun();
        } else if kept {
            self.note_begun(&transaction).await?;
        }
        let result = work(&transaction).await;
        unlock_tables(&transaction, self.dialect(), lock).await?;
        if !kept {
            transaction.rollback().await?;
            return result;
        }
        let result = result?;
        super::steps::crash_point("commit", self.stage.as_str());
        transaction.commit().await?;
        self.set_begun();
        super::steps::crash_point("committed", self.stage.as_str());
        Ok(result)
    }

    /// Runs a schema change of MariaDB that lets the app read and write meanwhile, and commits by
    /// itself.
    ///
    /// At its beginning and at its end it needs the table alone for a moment. It waits for that in whole
    /// seconds, and everyone else waits behind it. So it begins when the table has just been free, and
    /// not behind a transaction that stays open.
    pub(super) async fn alter_online(&self, sql: &str) -> Result<(), StageError> {
        let table = &self.columns().table;
        let seconds = self.settings.lock.timeout.as_secs().max(1);
        self.transaction(Lock::Everyone, async |transaction| {
            let begin = format!("UNLOCK TABLES; SET SESSION lock_wait_timeout = {seconds}");
            transaction.execute_unprepared(&begin).await?;
            transaction.execute_unprepared(sql).await.map_err(|error| busy(error, table))?;
            Ok(())
        })
        .await
    }
}
