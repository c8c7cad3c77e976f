//! The one session that the migrator works in on MariaDB: that it still holds the migration lock,
//! how long it waits, and the lock on the table, which there belongs to the session and not to a
//! transaction.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::error::StageError;
use super::stage::{Context, Lock};
use crate::database::{Dialect, Fault, fault, session_holds_lock};
use crate::model::TableName;

/// Makes sure that the lock is still had, and bounds the waits. MariaDB counts these in whole
/// seconds, and a wait for rows holds up nobody but who wants the rows of one batch.
pub(super) async fn begin(
    transaction: &DatabaseTransaction,
    timeout: Duration,
) -> Result<(), StageError> {
    if !session_holds_lock(transaction).await? {
        return Err(StageError::LockLost);
    }
    let seconds = timeout.as_secs().max(1);
    let limits = format!(
        "SET SESSION lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}, \
         max_statement_time = 0"
    );
    transaction.execute_unprepared(&limits).await?;
    Ok(())
}

/// Locks the table against everyone, for all the schema changes that follow: so that none of them
/// queues with others behind it. The wait for that is bounded by the time that a statement may
/// take, which unlike a wait for locks is counted in fractions of a second.
///
/// A session with locked tables sees no others, so the one that may be written along is locked too.
pub(super) async fn lock_tables(
    transaction: &DatabaseTransaction,
    table: &TableName,
    timeout: Duration,
) -> Result<(), StageError> {
    let wait = timeout.max(Duration::from_millis(1)).as_secs_f64();
    transaction.execute_unprepared(&format!("SET SESSION max_statement_time = {wait}")).await?;
    let lock = format!(
        "LOCK TABLES {} WRITE, handover_backfills WRITE",
        Dialect::Mysql.quote_table(table)
    );
    let locked = transaction.execute_unprepared(&lock).await;
    transaction.execute_unprepared("SET SESSION max_statement_time = 0").await?;
    locked.map_err(|error| busy(error, table))?;
    Ok(())
}

/// The error in words that say whose lock it was.
fn busy(error: DbErr, table: &TableName) -> StageError {
    match fault(&error) {
        Fault::Lock => StageError::Busy { table: table.clone() },
        _ => error.into(),
    }
}

/// Gives up the lock of [`lock_tables`].
pub(super) async fn unlock_tables(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    lock: Lock,
) -> Result<(), StageError> {
    if dialect == Dialect::Mysql && lock != Lock::Rows {
        transaction.execute_unprepared("UNLOCK TABLES").await?;
    }
    Ok(())
}

impl Context<'_> {
    /// Runs a schema change that lets the app read and write meanwhile, and commits by itself.
    pub(super) async fn alter_online(&self, sql: &str) -> Result<(), StageError> {
        self.transaction(Lock::Rows, async |transaction| {
            let table = &self.rename().table;
            transaction.execute_unprepared(sql).await.map_err(|error| busy(error, table))?;
            Ok(())
        })
        .await
    }
}
