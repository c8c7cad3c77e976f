//! The transactions of a copy, one after the other on one connection.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::super::super::context::Context;
use super::super::super::mariadb_session::Ask;
use super::super::super::stage_error::StageError;
use super::super::super::table_lock::limit_lock_wait;
use crate::database::{Dialect, postgres_settings};

/// One connection of a copy.
pub(super) struct Session<'c> {
    context: &'c Context<'c>,
    /// True if the app's triggers are kept from firing.
    silent: bool,
    open: Option<DatabaseTransaction>,
}

impl<'c> Session<'c> {
    pub const fn new(context: &'c Context<'c>, silent: bool) -> Self {
        Self { context, silent, open: None }
    }

    /// Returns the transaction of the next batch, begun and with its settings. If the batch before was
    /// committed with `chain`, both were done with that commit.
    pub async fn begin_batch(&mut self, ask: Ask) -> Result<&DatabaseTransaction, StageError> {
        let transaction = match self.open.take() {
            Some(transaction) => transaction,
            None => begin(self.context, self.silent, ask).await?,
        };
        Ok(self.open.insert(transaction))
    }

    /// Commits a batch. With `chain`, the next transaction begins in the same round trip; then no other
    /// command may use another connection where there is only one. Without it, no transaction is open.
    pub async fn commit(&mut self, chain: bool) -> Result<(), StageError> {
        let dialect = self.context.dialect();
        if chain && dialect != Dialect::Sqlite {
            if let Some(transaction) = &self.open {
                let settings = settings(dialect, self.context.settings.lock.timeout, self.silent);
                let next = format!("COMMIT AND CHAIN; {settings}");
                transaction.execute_unprepared(&next).await?;
            }
            return Ok(());
        }
        self.close().await
    }

    /// Ends the transaction that a commit with `chain` has begun.
    pub async fn close(&mut self) -> Result<(), StageError> {
        match self.open.take() {
            Some(transaction) => Ok(transaction.commit().await?),
            None => Ok(()),
        }
    }

    /// Rolls a failed batch back.
    pub async fn abandon(&mut self) {
        if let Some(transaction) = self.open.take()
            && let Err(error) = transaction.rollback().await
        {
            tracing::debug!(%error, "a batch was not rolled back in order");
        }
    }
}

async fn begin(
    context: &Context<'_>,
    silent: bool,
    ask: Ask,
) -> Result<DatabaseTransaction, StageError> {
    let (dialect, timeout) = (context.dialect(), context.settings.lock.timeout);
    let transaction = context.database.begin().await?;
    limit_lock_wait(&transaction, dialect, timeout, ask).await?;
    if dialect != Dialect::Sqlite {
        transaction.execute_unprepared(&settings(dialect, timeout, silent)).await?;
    }
    Ok(transaction)
}

/// The settings of a batch's transaction.
///
/// A crash of the server may lose a batch together with its note, and then it is copied again: so the
/// commit does not wait for the disk. A plan must not scan the whole table for a batch, however old
/// the statistics are. The app's triggers and rules should not see the copy: if the role may prevent
/// that, they do not fire.
///
/// On MariaDB the batch waits for no row: it locks every row that it reads, the app's transactions lock
/// rows in another order, and of two that wait for each other MariaDB ends the smaller one.
fn settings(dialect: Dialect, timeout: Duration, silent: bool) -> String {
    match dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => format!(
            "{}; SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off{}",
            postgres_settings(timeout),
            if silent { "; SET LOCAL session_replication_role = replica" } else { "" }
        ),
        Dialect::MariaDb => "SET SESSION innodb_lock_wait_timeout = 0".to_owned(),
    }
}
