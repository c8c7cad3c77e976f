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
    /// The app's triggers are kept from firing.
    silent: bool,
    open: Option<DatabaseTransaction>,
}

impl<'c> Session<'c> {
    pub const fn new(context: &'c Context<'c>, silent: bool) -> Self {
        Self { context, silent, open: None }
    }

    /// The transaction of the next batch, begun and configured: where the batch before was
    /// committed with `chain`, that was done on the way.
    pub async fn begin_batch(&mut self, ask: Ask) -> Result<&DatabaseTransaction, StageError> {
        let transaction = match self.open.take() {
            Some(transaction) => transaction,
            None => begin(self.context, self.silent, ask).await?,
        };
        Ok(self.open.insert(transaction))
    }

    /// Commits a batch. With `chain`, the next transaction begins on the same trip, and no other
    /// command may be sent on another connection where there is only one; without, nothing is open.
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

    /// Ends what a batch with `chain` has begun.
    pub async fn close(&mut self) -> Result<(), StageError> {
        match self.open.take() {
            Some(transaction) => Ok(transaction.commit().await?),
            None => Ok(()),
        }
    }

    /// Gives up a batch that failed.
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

/// What the transaction of a batch sets.
///
/// A batch may be lost in a crash of the server, together with the note of it: it is copied again.
/// So its commit does not wait for the disk. And no plan may scan the whole table for a batch,
/// however old the statistics are. The app's triggers and rules are not to see the copy: where the role
/// may do that, they do not fire.
///
/// On MariaDB it waits for no row: it locks every row that it looks at, the app's transactions lock
/// theirs in another order, and of two that wait for each other the smaller one is ended.
fn settings(dialect: Dialect, timeout: Duration, silent: bool) -> String {
    match dialect {
        Dialect::Sqlite => String::new(),
        Dialect::Postgres => format!(
            "{}; SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off{}",
            postgres_settings(timeout),
            if silent { "; SET LOCAL session_replication_role = replica" } else { "" }
        ),
        Dialect::Mysql => "SET SESSION innodb_lock_wait_timeout = 0".to_owned(),
    }
}
