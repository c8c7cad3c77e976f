//! The way of one statement to the database, and again where its columns have moved on.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use sea_orm::{DatabaseConnection, DbErr, Statement};

use super::attempt::{Attempt, is_worth_a_look};
use super::connection::Shim;
use super::sent::Sent;
use super::snapshot::{MappedStatement, Snapshot};

/// A statement on its way that never has to be sent again. Its mapping still counts as in use: the
/// next one may know of the table.
struct Alone<'a, T> {
    sent: Sent<'a, T>,
    _snapshot: Arc<Snapshot>,
}

impl<T> Future for Alone<'_, T> {
    type Output = Result<T, DbErr>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.sent.as_mut().poll(context)
    }
}

impl Shim {
    /// Sends a statement until it is through or the error is not about moved columns.
    pub(super) fn send<'a, T, M>(&'a self, statement: Statement, method: M) -> Sent<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> Sent<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        match self.lease.mapping_at_hand() {
            Some(snapshot) => self.send_by(snapshot, statement, method),
            None => self.send_later(statement, method),
        }
    }

    /// Sends a statement when the lease is good again.
    #[cold]
    fn send_later<'a, T, M>(&'a self, statement: Statement, method: M) -> Sent<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> Sent<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        Box::pin(async move {
            let snapshot = self.lease.mapping().await?;
            self.send_by(snapshot, statement, method).await
        })
    }

    #[expect(clippy::inline_always, reason = "the statement would be moved once more")]
    #[inline(always)]
    fn send_by<'a, T, M>(
        &'a self,
        snapshot: Arc<Snapshot>,
        statement: Statement,
        method: M,
    ) -> Sent<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> Sent<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        match snapshot.map(&statement) {
            Err(error) => Box::pin(ready(Err(error.into()))),
            Ok(None) => {
                let sent = method(self.inner(), statement);
                Box::pin(Alone { sent, _snapshot: snapshot })
            }
            Ok(Some(mapped)) => self.send_copy(mapped, snapshot, statement, method),
        }
    }

    /// Sends a statement that may have to be sent again. Apart, since most statements have none of
    /// this.
    #[inline(never)]
    fn send_copy<'a, T, M>(
        &'a self,
        mapped: MappedStatement,
        snapshot: Arc<Snapshot>,
        statement: Statement,
        method: M,
    ) -> Sent<'a, T>
    where
        M: Fn(&'a DatabaseConnection, Statement) -> Sent<'a, T> + Copy + Send + Sync + 'a,
        T: Send + 'a,
    {
        let sent = method(self.inner(), mapped.statement);
        let attempt = Attempt::sent(&*self.lease, snapshot, mapped.resend);
        Box::pin(async move {
            match sent.await {
                Err(error) if is_worth_a_look(&error) => {
                    let method = move |inner, mapped, _| method(inner, mapped);
                    let (done, _) = Box::pin(attempt.send_again(statement, error, method)).await?;
                    Ok(done)
                }
                done => done,
            }
        })
    }
}
