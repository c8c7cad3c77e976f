//! The one session that the migrator works in on MariaDB: the check that it still holds the migration
//! lock, the limits of its waits, and the lock on the table, which on MariaDB belongs to the session
//! and not to a transaction.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::context::Lock;
use super::stage_error::StageError;
use crate::database::{Dialect, Fault, fault, mariadb_settings, session_holds_lock};
use crate::model::TableName;

/// The way in which a lock on the table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Never queues. Otherwise a transaction that has read the table and wants to write to it would
    /// wait behind the migrator, which waits for that transaction: a deadlock to MariaDB, which ends
    /// the app's transaction.
    InPassing,
    /// Queues, briefly: the table has been in use at each look for a tenth of the patience.
    InLine,
}

impl Ask {
    /// Returns the way to ask, if it has been asked in vain since `started`.
    pub fn after(started: Instant, patience: Duration) -> Self {
        if started.elapsed() < patience / 10 { Self::InPassing } else { Self::InLine }
    }
}

/// The time between two looks in passing.
const PASS: Duration = Duration::from_millis(1);

/// Makes sure that the migration lock is still held, and limits the waits. MariaDB counts these in
/// whole seconds.
pub(super) async fn begin(
    transaction: &DatabaseTransaction,
    timeout: Duration,
    ask: Ask,
) -> Result<(), StageError> {
    if !session_holds_lock(transaction).await? {
        return Err(StageError::LockLost);
    }
    let seconds = timeout.as_secs().max(1);
    let limits = format!(
        "{}; SET SESSION lock_wait_timeout = {}, innodb_lock_wait_timeout = {seconds}, \
         max_statement_time = 0",
        mariadb_settings(),
        if ask == Ask::InPassing { 0 } else { seconds }
    );
    transaction.execute_unprepared(&limits).await?;
    Ok(())
}

/// Locks the table against everyone, for all the schema changes that follow, so that none of them
/// queues with others behind it. In line, the limit of the wait is that of a statement's time: unlike
/// the limit of waits for locks, it takes fractions of a second.
///
/// A session with locked tables cannot use others, so the table of backfills is locked, too.
pub(super) async fn lock_tables(
    transaction: &DatabaseTransaction,
    table: &TableName,
    timeout: Duration,
    ask: Ask,
) -> Result<(), StageError> {
    let lock = format!(
        "LOCK TABLES {} WRITE, handover_backfills WRITE",
        Dialect::MariaDb.quote_table(table)
    );
    if ask == Ask::InPassing {
        let started = Instant::now();
        loop {
            match transaction.execute_unprepared(&lock).await {
                Err(error) if fault(&error) == Fault::Lock && started.elapsed() < timeout => {
                    tokio::time::sleep(PASS).await;
                }
                result => {
                    result.map_err(|error| busy(error, table))?;
                    return Ok(());
                }
            }
        }
    }
    let wait = timeout.max(Duration::from_millis(1)).as_secs_f64();
    transaction.execute_unprepared(&format!("SET SESSION max_statement_time = {wait}")).await?;
    let locked = transaction.execute_unprepared(&lock).await;
    transaction.execute_unprepared("SET SESSION max_statement_time = 0").await?;
    locked.map_err(|error| busy(error, table))?;
    Ok(())
}

/// Adds to a lock error whose lock it was.
pub(super) fn busy(error: DbErr, table: &TableName) -> StageError {
    match fault(&error) {
        Fault::Lock => StageError::Busy { table: table.clone(), blockers: Vec::new() },
        _ => error.into(),
    }
}

/// Releases the lock of [`lock_tables`].
pub(super) async fn unlock_tables(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    lock: Lock,
) -> Result<(), StageError> {
    if dialect == Dialect::MariaDb && lock != Lock::Rows {
        transaction.execute_unprepared("UNLOCK TABLES").await?;
    }
    Ok(())
}
