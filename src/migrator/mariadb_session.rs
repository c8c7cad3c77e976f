//! The one session that the migrator works in on MariaDB: that it still holds the migration lock,
//! how long it waits, and the lock on the table, which there belongs to the session and not to a
//! transaction.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::context::Lock;
use super::stage_error::StageError;
use crate::database::{Dialect, Fault, fault, mariadb_settings, session_holds_lock};
use crate::model::TableName;

/// How a lock on the table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Never queues. A transaction that has read the table and wants to write to it would have to
    /// wait behind who queues, who waits for that transaction: MariaDB calls it a deadlock, and it
    /// is the transaction that it ends.
    InPassing,
    /// Queues, briefly: the table has been in use at each look for a tenth of the patience.
    InLine,
}

impl Ask {
    /// How to ask when it has been asked in vain since then.
    pub fn after(started: Instant, patience: Duration) -> Self {
        if started.elapsed() < patience / 10 { Self::InPassing } else { Self::InLine }
    }
}

/// How long to wait between two looks in passing.
const PASS: Duration = Duration::from_millis(1);

/// Makes sure that the lock is still had, and bounds the waits. MariaDB counts these in whole
/// seconds.
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

/// Locks the table against everyone, for all the schema changes that follow: so that none of them
/// queues with others behind it. In line, the wait for that is bounded by the time that a statement
/// may take, which unlike a wait for locks is counted in fractions of a second.
///
/// A session with locked tables sees no others, so the one that may be written along is locked too.
pub(super) async fn lock_tables(
    transaction: &DatabaseTransaction,
    table: &TableName,
    timeout: Duration,
    ask: Ask,
) -> Result<(), StageError> {
    let lock = format!(
        "LOCK TABLES {} WRITE, handover_backfills WRITE",
        Dialect::Mysql.quote_table(table)
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

/// The error in words that say whose lock it was.
pub(super) fn busy(error: DbErr, table: &TableName) -> StageError {
    match fault(&error) {
        Fault::Lock => StageError::Busy { table: table.clone(), blockers: Vec::new() },
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
