//! Sends one statement outside of a transaction, and again if its columns have moved on.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use sea_orm::{DatabaseConnection, DbErr, Statement};

use super::connection::Shim;
use super::db_future::DbFuture;
use super::mapped_statement::MappedStatement;
use super::retry::{Attempt, may_need_resend};
use super::snapshot::Snapshot;

/// A statement in flight that never has to be sent again. Its mapping still counts as in use,
/// because a table that is not mapped now may be mapped in the next epoch.
struct InFlight<'a, T> {
    sent: DbFuture<'a, T>,
    _snapshot: Arc<Snapshot>,
}

impl<T> Future for InFlight<'_, T> {
    type Output = Result<T, DbErr>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.sent.as_mut().poll(context)
    }
}

impl Shim {
    /// Sends a statement until it succeeds or fails for another reason than moved columns.
    pub(super) fn send<'a, T, M>(&'a self, statement: Statement, method: M) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> DbFuture<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        match self.lease.leased_mapping() {
            Some(snapshot) => self.send_under(snapshot, statement, method),
            None => self.send_after_refresh(statement, method),
        }
    }

    /// Renews the lease, then sends the statement.
    #[cold]
    fn send_after_refresh<'a, T, M>(&'a self, statement: Statement, method: M) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> DbFuture<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        Box::pin(async move {
            let snapshot = self.lease.mapping().await?;
            self.send_under(snapshot, statement, method).await
        })
    }

    #[expect(clippy::inline_always, reason = "the statement would be moved once more")]
    #[inline(always)]
    fn send_under<'a, T, M>(
        &'a self,
        snapshot: Arc<Snapshot>,
        statement: Statement,
        method: M,
    ) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> DbFuture<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        match snapshot.map(&statement) {
            Err(error) if error.may_be_decided() => {
                self.send_after_lookup(snapshot, statement, method)
            }
            Err(error) => Box::pin(ready(Err(error.into()))),
            Ok(None) => {
                let sent = method(self.inner(), statement);
                Box::pin(InFlight { sent, _snapshot: snapshot })
            }
            Ok(Some(mapped)) => self.send_copy(mapped, snapshot, statement, method),
        }
    }

    /// Sends a statement that cannot be mapped before the columns of other tables are known.
    #[cold]
    fn send_after_lookup<'a, T, M>(
        &'a self,
        snapshot: Arc<Snapshot>,
        statement: Statement,
        method: M,
    ) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> DbFuture<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        Box::pin(async move {
            let method = move |inner, mapped, _| method(inner, mapped);
            let attempt = Attempt::new(&*self.lease, snapshot);
            let (done, _) = attempt.send(statement, method).await?;
            Ok(done)
        })
    }

    /// Sends a copy of a statement that may have to be sent again. A function of its own, since
    /// most statements need none of this.
    #[inline(never)]
    fn send_copy<'a, T, M>(
        &'a self,
        mapped: MappedStatement,
        snapshot: Arc<Snapshot>,
        statement: Statement,
        method: M,
    ) -> DbFuture<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> DbFuture<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        let sent = method(self.inner(), mapped.statement);
        let changes_names = mapped.resend.changes_names;
        let attempt = Attempt::sent(&*self.lease, snapshot, mapped.resend);
        Box::pin(async move {
            match sent.await {
                Err(error) if may_need_resend(&error) => {
                    let method = move |inner, mapped, _| method(inner, mapped);
                    let (done, _) = Box::pin(attempt.send_again(statement, error, method)).await?;
                    Ok(done)
                }
                done => {
                    if changes_names {
                        self.lease.forget_lookups();
                    }
                    done
                }
            }
        })
    }
}
