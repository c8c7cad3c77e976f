//! Takes the lock of a table without holding up the app.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::blocker::{Blocker, BlockerKind, Conflict, holders};
use super::context::{Context, Lock};
use super::event::Event;
use super::mariadb_session::{self, Ask};
use super::stage_error::StageError;
use crate::database::{Dialect, Fault, execute, fault, mariadb_settings, postgres_settings};

/// How much longer than `deadlock_timeout` a step queues behind an autovacuum, in milliseconds: the
/// time that the worker has to notice that it is cancelled.
const CANCELLING: i64 = 500;

impl Context<'_> {
    /// Takes the lock on the table before anything else, so that no step waits for it later while it
    /// holds other locks.
    ///
    /// A session that queues for a lock holds up everyone who comes later. So this does not queue
    /// behind a transaction that has been open for longer than it would wait, but comes back later.
    /// `left` is the rest of the patience.
    pub(super) async fn lock_table(
        &self,
        transaction: &DatabaseTransaction,
        lock: Lock,
        ask: Ask,
        left: Duration,
    ) -> Result<(), StageError> {
        let (mode, conflict) = match lock {
            Lock::Rows => return Ok(()),
            Lock::Writers => ("SHARE ROW EXCLUSIVE", Conflict::Writers),
            Lock::Everyone => ("ACCESS EXCLUSIVE", Conflict::Everyone),
        };
        let table = &self.columns().table;
        match self.dialect() {
            Dialect::Sqlite => return Ok(()),
            Dialect::MariaDb => {
                return mariadb_session::lock_tables(
                    transaction,
                    table,
                    self.settings.lock.timeout,
                    ask,
                )
                .await;
            }
            Dialect::Postgres => {}
        }
        self.exclude_maintenance(transaction, left).await?;
        let timeout = self.settings.lock.timeout;
        let mut blockers = holders(transaction, self.dialect(), table, conflict).await?;
        blockers.retain(|blocker| blocker.stays_open(timeout));
        if !blockers.is_empty() {
            return Err(StageError::Busy {
                table: self.declared.columns().table.clone(),
                blockers,
            });
        }
        let quoted = self.dialect().quote_table(table);
        execute(transaction, &format!("LOCK TABLE {quoted} IN {mode} MODE"), []).await?;
        Ok(())
    }

    /// Takes the lock of maintenance (PostgreSQL), which conflicts with neither readers nor writers.
    /// So it may queue until PostgreSQL has cancelled an autovacuum, which happens once the wait has
    /// reached `deadlock_timeout`; and no other autovacuum begins while it is held.
    ///
    /// The stronger lock is then asked for only briefly. So of two sessions that wait for each other
    /// here, this one gives up first, long before it would be a deadlock.
    async fn exclude_maintenance(
        &self,
        transaction: &DatabaseTransaction,
        left: Duration,
    ) -> Result<(), StageError> {
        let (dialect, table) = (self.dialect(), &self.columns().table);
        let by = holders(transaction, dialect, table, Conflict::Maintenance).await?;
        if let Some(worker) = by.iter().find(|by| by.kind == BlockerKind::Wraparound) {
            return Err(StageError::Wraparound {
                table: self.declared.columns().table.clone(),
                worker: worker.clone(),
            });
        }
        if !by.is_empty() {
            self.observer.event(Event::Blocked { by: by.clone() });
        }
        let timeout = self.settings.lock.timeout.as_millis();
        let wait = "SELECT set_config('lock_timeout', greatest($1, least($2, $3 + \
                    (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000)\
                    ::bigint))::text, true)";
        let number = |milliseconds: u128| i64::try_from(milliseconds).unwrap_or(i64::MAX);
        let values = [number(timeout), number(left.as_millis()), CANCELLING].map(Into::into);
        execute(transaction, wait, values).await?;
        let quoted = dialect.quote_table(table);
        let lock = format!(
            "LOCK TABLE {quoted} IN SHARE UPDATE EXCLUSIVE MODE; \
             SET LOCAL lock_timeout = '{timeout}ms'"
        );
        match transaction.execute_unprepared(&lock).await {
            Err(error) if fault(&error) == Fault::Lock => {
                Err(StageError::Busy { table: self.declared.columns().table.clone(), blockers: by })
            }
            result => Ok(result.map(|_| ())?),
        }
    }

    /// Adds to a missed lock who holds the table, and tells the observer.
    pub(super) async fn missed(&self, lock: Lock, error: StageError) -> StageError {
        let error = match error {
            StageError::Busy { ref blockers, .. } if !blockers.is_empty() => error,
            StageError::Busy { .. } | StageError::Database(_) => {
                self.busy(lock).await.unwrap_or(error)
            }
            other => other,
        };
        let by: &[Blocker] = match &error {
            StageError::Busy { blockers, .. } => blockers,
            StageError::Wraparound { worker, .. } => std::slice::from_ref(worker),
            _ => &[],
        };
        if !by.is_empty() {
            self.observer.event(Event::Blocked { by: by.to_vec() });
        }
        error
    }

    /// The transactions that stay open and may be the cause of a missed lock, if there are any. If the
    /// database does not show them, the step is tried again.
    async fn busy(&self, lock: Lock) -> Option<StageError> {
        let conflict = match lock {
            Lock::Rows => Conflict::Rows,
            Lock::Writers => Conflict::Writers,
            Lock::Everyone => Conflict::Everyone,
        };
        let table = &self.columns().table;
        let connection = self.database.connection();
        match holders(connection, self.dialect(), table, conflict).await {
            Ok(mut blockers) => {
                blockers.retain(|blocker| blocker.stays_open(self.settings.lock.timeout));
                (!blockers.is_empty()).then(|| StageError::Busy {
                    table: self.declared.columns().table.clone(),
                    blockers,
                })
            }
            Err(error) => {
                tracing::debug!(%error, "who holds the table is not known");
                None
            }
        }
    }
}

/// Sets in a transaction everything that queries of the catalog and of rows depend on.
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
        Dialect::MariaDb => {
            transaction.execute_unprepared(&mariadb_settings()).await?;
        }
    }
    Ok(())
}

/// Keeps the transaction's statements from waiting long for a lock: the app's own statements
/// would queue up behind them.
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
        Dialect::MariaDb => mariadb_session::begin(transaction, timeout, ask).await?,
    }
    Ok(())
}
