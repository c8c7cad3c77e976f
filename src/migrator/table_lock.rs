//! The lock of a table: how it is asked for without holding up the app.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::session::{self, Ask};
use super::stage::{Context, Lock};
use super::stage_error::StageError;
use crate::database::{Dialect, execute, get, mariadb_settings, postgres_settings};

impl Context<'_> {
    /// Takes the lock on the table before anything else, so that it is not waited for later with
    /// other locks in hand.
    ///
    /// Whoever queues for a lock holds up everyone who comes later. So it does not queue behind a
    /// transaction that has been open for longer than it would wait: it comes back instead.
    pub(super) async fn lock_table(
        &self,
        transaction: &DatabaseTransaction,
        lock: Lock,
        ask: Ask,
    ) -> Result<(), StageError> {
        let (mode, conflicts) = match lock {
            Lock::Rows => return Ok(()),
            Lock::Writers => {
                ("SHARE ROW EXCLUSIVE", "l.mode NOT IN ('AccessShareLock', 'RowShareLock')")
            }
            Lock::Everyone => ("ACCESS EXCLUSIVE", "true"),
        };
        match self.dialect() {
            Dialect::Sqlite => return Ok(()),
            Dialect::Mysql => {
                let table = &self.rename().table;
                return session::lock_tables(transaction, table, self.settings.lock.timeout, ask)
                    .await;
            }
            Dialect::Postgres => {}
        }
        let table = self.dialect().quote_table(&self.rename().table);
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE l.locktype = 'relation' AND l.relation = to_regclass($1) AND l.granted \
             AND l.pid <> pg_backend_pid() AND {conflicts} \
             AND clock_timestamp() - a.xact_start > $2 * interval '1 millisecond')"
        );
        let timeout = i64::try_from(self.settings.lock.timeout.as_millis()).unwrap_or(i64::MAX);
        let busy: Option<bool> =
            get(transaction, &sql, [table.as_str().into(), timeout.into()]).await?;
        if busy == Some(true) {
            return Err(StageError::Busy { table: self.rename().table.clone() });
        }
        execute(transaction, &format!("LOCK TABLE {table} IN {mode} MODE"), []).await?;
        Ok(())
    }
}

/// Sets in a transaction what the statements that look at the catalog and at rows depend on.
pub(super) async fn prepare(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    timeout: Duration,
) -> Result<(), StageError> {
    match dialect {
        Dialect::Sqlite => {}
        Dialect::Postgres => {
            transaction.execute_unprepared(&postgres_settings(timeout)).await?;
        }
        Dialect::Mysql => {
            transaction.execute_unprepared(&mariadb_settings()).await?;
        }
    }
    Ok(())
}

/// Keeps the transaction's statements from waiting long in any lock queue, where the app's own
/// statements would queue up behind them.
pub(super) async fn limit_lock_wait(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    timeout: Duration,
    ask: Ask,
) -> Result<(), StageError> {
    match dialect {
        Dialect::Sqlite => {}
        Dialect::Postgres => {
            transaction.execute_unprepared(&postgres_settings(timeout)).await?;
        }
        Dialect::Mysql => session::begin(transaction, timeout, ask).await?,
    }
    Ok(())
}
