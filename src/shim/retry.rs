//! Sends a statement, and sends it again when the columns have moved on. Every statement that the shim may
//! have to send again comes here, so one file decides how often; [`super::resend_rule`] says after which
//! errors.

use std::sync::Arc;

use sea_orm::{DbErr, Statement};

use super::db_future::DbFuture;
use super::error::ShimError;
use super::executor::Executor;
use super::map_statement::map;
use super::mapped_statement::MappedStatement;
use super::resend_rule::{
    ResendRule, may_be_looked_up_again, may_have_moved_on, may_have_other_name,
};
use super::snapshot::Snapshot;
use crate::database::{Fault, fault};

/// A statement that is being sent. The database refused each earlier attempt as a whole, so none of
/// them had an effect.
pub(super) struct Attempt<'a, E> {
    executor: &'a E,
    snapshot: Arc<Snapshot>,
    /// The rule of the text that was sent last.
    resend: ResendRule,
    resends_left: u8,
    /// How often the other names of columns may still be tried.
    other_names_left: u8,
    /// True if the columns of other tables have not been looked up again.
    may_look_again: bool,
    /// True if another statement can be sent after this one has failed.
    goes_on: bool,
    /// True if an attempt has failed in a savepoint, which was rolled back.
    rolled_back: bool,
}

/// The number of times that a statement is sent again at most.
const MAX_RESENDS: u8 = 2;

/// The number of times that the other names of columns are tried at most: a statement may use several
/// columns that are renamed in place, one after the other.
const MAX_OTHER_NAMES: u8 = 4;

/// True if the statement is sent in a savepoint, which has to be released after it succeeds.
pub(super) type InSavepoint = bool;

impl<'a, E: Executor> Attempt<'a, E> {
    /// Begins with a statement that is not sent yet.
    pub const fn new(executor: &'a E, snapshot: Arc<Snapshot>) -> Self {
        Self::sent(executor, snapshot, ResendRule::unparsed())
    }

    /// Begins with a statement that was sent under this mapping.
    pub const fn sent(executor: &'a E, snapshot: Arc<Snapshot>, resend: ResendRule) -> Self {
        Self {
            executor,
            snapshot,
            resend,
            resends_left: MAX_RESENDS,
            other_names_left: MAX_OTHER_NAMES,
            may_look_again: true,
            goes_on: true,
            rolled_back: false,
        }
    }

    /// Sends a statement until it succeeds or sending it again does not help. Returns the result
    /// and the mapping that was used, which the caller keeps for as long as the result is in use.
    pub async fn send<T, M>(
        mut self,
        statement: Statement,
        method: M,
    ) -> Result<(T, Arc<Snapshot>), DbErr>
    where
        M: Fn(&'a E::Connection, Statement, InSavepoint) -> DbFuture<'a, T> + Send + Sync,
    {
        let Some(mapped) = map(self.executor, &mut self.snapshot, &statement).await? else {
            return match method(self.executor.connection(), statement, false).await {
                Ok(done) => Ok((done, self.snapshot)),
                Err(error) => {
                    let fault = fault(&error);
                    Err(Box::pin(self.executor.app_error(error, fault)).await)
                }
            };
        };
        self.resend = mapped.resend;
        match self.send_once(mapped.statement, &method).await {
            Ok(done) => Ok((done, self.snapshot)),
            Err(error) => Box::pin(self.send_again(statement, error, method)).await,
        }
    }

    /// Does the same for a statement that has failed.
    pub async fn send_again<T, M>(
        mut self,
        statement: Statement,
        mut error: DbErr,
        method: M,
    ) -> Result<(T, Arc<Snapshot>), DbErr>
    where
        M: Fn(&'a E::Connection, Statement, InSavepoint) -> DbFuture<'a, T> + Send + Sync,
    {
        loop {
            let prepared = self.prepare_resend(&statement.sql, error).await;
            let mapped = match prepared {
                Ok(()) => self.map(&statement).await,
                Err(error) => Err(error),
            };
            let mapped = match mapped {
                Ok(mapped) => mapped,
                Err(error) => {
                    if self.rolled_back {
                        self.executor.fail().await;
                    }
                    return Err(error);
                }
            };
            match self.send_once(mapped, &method).await {
                Ok(done) => return Ok((done, self.snapshot)),
                Err(again) => error = again,
            }
        }
    }

    /// Maps the statement under the mapping of this attempt.
    async fn map(&mut self, statement: &Statement) -> Result<Statement, DbErr> {
        let mapped = map(self.executor, &mut self.snapshot, statement).await?;
        let mapped = mapped.unwrap_or_else(|| MappedStatement::unmapped(statement));
        self.resend = mapped.resend;
        Ok(mapped.statement)
    }

    /// Sends the statement once. It is sent in a savepoint if it may fail for a reason that the shim
    /// can mend, since on PostgreSQL its failure would abort the whole transaction: an upsert may
    /// violate the unique index of the other column, and a column may have just been renamed.
    async fn send_once<T, M>(&mut self, mapped: Statement, method: &M) -> Result<T, DbErr>
    where
        M: Fn(&'a E::Connection, Statement, InSavepoint) -> DbFuture<'a, T> + Send + Sync,
    {
        let protects = self.resend.is_upsert
            || self.executor.needs_protection(&self.snapshot, self.resend.opens, &mapped.sql);
        let savepoint = if protects { self.executor.savepoint().await? } else { None };
        self.goes_on = savepoint.is_some() || self.executor.goes_on(&self.snapshot);
        let Some(savepoint) = savepoint else {
            let done = method(self.executor.connection(), mapped, false).await?;
            self.succeeded();
            return Ok(done);
        };
        match method(self.executor.connection(), mapped, true).await {
            Ok(done) => {
                savepoint.commit().await?;
                self.succeeded();
                Ok(done)
            }
            Err(error) => {
                self.rolled_back = true;
                // A deadlock aborts the transaction, and the savepoint with it. The app has to see
                // the deadlock, and not the error of the rollback.
                if savepoint.rollback().await.is_err() {
                    self.resends_left = 0;
                    self.other_names_left = 0;
                }
                Err(error)
            }
        }
    }

    fn succeeded(&self) {
        self.executor.has_opened(self.resend.opens);
        if self.resend.changes_names {
            self.executor.has_changed_names();
        }
    }

    /// Prepares to send the statement again.
    ///
    /// # Errors
    /// Sending it again does not help; gives the error for the app.
    async fn prepare_resend(&mut self, sql: &str, error: DbErr) -> Result<(), DbErr> {
        let fault = fault(&error);
        let is_atomic = self.resend.is_atomic(sql, self.snapshot.dialect);
        let tries_other_name = may_have_other_name(fault) && self.goes_on;
        if tries_other_name && is_atomic && self.other_names_left > 0 {
            let other = self.executor.other_names(&self.snapshot, &error.to_string());
            if let Some(other) = other {
                tracing::debug!(%error, "a column has its other name; sending again");
                self.other_names_left -= 1;
                self.use_from_now_on(other);
                return Ok(());
            }
        }
        if may_be_looked_up_again(fault)
            && let Some(generation) = self.resend.looked_up
            && std::mem::take(&mut self.may_look_again)
        {
            let look =
                self.executor.has_other_columns(&self.snapshot, generation, sql, self.goes_on);
            let differ = Box::pin(look).await?;
            if differ && is_atomic && self.goes_on {
                tracing::debug!(%error, "another table has other columns; sending again");
                self.snapshot.count_resend();
                return Ok(());
            }
            if differ && !self.goes_on {
                return Err(ShimError::RunAgain { source: error }.into());
            }
        }
        // Even if this statement is not sent again, so that the next one uses the new mapping.
        let newer = if may_have_moved_on(fault) {
            Box::pin(self.executor.newer_snapshot(&self.snapshot, fault)).await?
        } else {
            None
        };
        let may = is_atomic && self.resends_left > 0;
        match newer {
            Some(newer) if may => {
                tracing::debug!(%error, epoch = newer.epoch, "the columns moved on; sending again");
                self.resends_left -= 1;
                self.use_from_now_on(newer);
            }
            None if may && self.resend.is_upsert && fault == Fault::Unique => {
                self.resends_left -= 1;
                self.snapshot.count_resend();
            }
            _ => return Err(Box::pin(self.executor.app_error(error, fault)).await),
        }
        Ok(())
    }

    fn use_from_now_on(&mut self, snapshot: Arc<Snapshot>) {
        self.executor.switch_to(&snapshot);
        self.snapshot = snapshot;
        self.snapshot.count_resend();
    }
}

/// Returns true if sending the statement again may help against an error of this kind. [`Attempt`]
/// decides.
pub(super) fn may_need_resend(error: &DbErr) -> bool {
    fault(error) != Fault::Other
}

#[cfg(test)]
mod tests;
