//! Sending a statement, and sending it again when the columns have moved on. Every way in comes
//! here, so that what may be sent again, and how often, is decided in one place.

use std::sync::Arc;

use sea_orm::{DbErr, Statement};

use super::line::Line;
use super::resend::ResendRule;
use super::sent::Sent;
use super::snapshot::{MappedStatement, Snapshot};
use crate::database::{Fault, fault};

/// One statement on its way. The database has refused every attempt before the last one whole, so
/// none of them had an effect.
pub(super) struct Attempt<'a, L> {
    line: &'a L,
    snapshot: Arc<Snapshot>,
    /// The rule of the statement that was sent last.
    resend: ResendRule,
    left: u8,
}

/// How often a statement is sent again.
const AGAIN: u8 = 2;

/// Whether the statement goes in a savepoint, which has to be released when it is through.
pub(super) type InSavepoint = bool;

impl<'a, L: Line> Attempt<'a, L> {
    /// Of a statement that goes by this mapping.
    pub const fn new(line: &'a L, snapshot: Arc<Snapshot>) -> Self {
        Self::sent(line, snapshot, ResendRule::unparsed())
    }

    /// Of a statement that has been sent by this mapping.
    pub const fn sent(line: &'a L, snapshot: Arc<Snapshot>, resend: ResendRule) -> Self {
        Self { line, snapshot, resend, left: AGAIN }
    }

    /// Sends a statement until it is through, or sending it again does not help. The mapping that
    /// it went by is to be kept as long as the result is in use.
    pub async fn send<T, M>(
        mut self,
        statement: Statement,
        method: M,
    ) -> Result<(T, Arc<Snapshot>), DbErr>
    where
        M: Fn(&'a L::Connection, Statement, InSavepoint) -> Sent<'a, T> + Send + Sync,
    {
        let Some(mapped) = self.snapshot.map(&statement)? else {
            return match method(self.line.connection(), statement, false).await {
                Ok(done) => Ok((done, self.snapshot)),
                Err(error) => {
                    let fault = fault(&error);
                    Err(Box::pin(self.line.told(error, fault)).await)
                }
            };
        };
        self.resend = mapped.resend;
        match self.once(mapped.statement, &method).await {
            Ok(done) => Ok((done, self.snapshot)),
            Err(error) => Box::pin(self.send_again(statement, error, method)).await,
        }
    }

    /// The same for a statement that has failed.
    pub async fn send_again<T, M>(
        mut self,
        statement: Statement,
        mut error: DbErr,
        method: M,
    ) -> Result<(T, Arc<Snapshot>), DbErr>
    where
        M: Fn(&'a L::Connection, Statement, InSavepoint) -> Sent<'a, T> + Send + Sync,
    {
        loop {
            self.again(&statement.sql, error).await?;
            let mapped = self.map(&statement)?;
            match self.once(mapped, &method).await {
                Ok(done) => return Ok((done, self.snapshot)),
                Err(again) => error = again,
            }
        }
    }

    /// The statement by the mapping of this attempt.
    fn map(&mut self, statement: &Statement) -> Result<Statement, DbErr> {
        let mapped = self.snapshot.map(statement)?;
        let mapped = mapped.unwrap_or_else(|| MappedStatement::unmapped(statement));
        self.resend = mapped.resend;
        Ok(mapped.statement)
    }

    /// Sends the statement once; an upsert that may meet the twin of its arbiter in a savepoint,
    /// since PostgreSQL would give up the whole transaction with it.
    async fn once<T, M>(&mut self, mapped: Statement, method: &M) -> Result<T, DbErr>
    where
        M: Fn(&'a L::Connection, Statement, InSavepoint) -> Sent<'a, T> + Send + Sync,
    {
        let savepoint = if self.resend.is_upsert { self.line.savepoint().await? } else { None };
        let Some(savepoint) = savepoint else {
            return method(self.line.connection(), mapped, false).await;
        };
        match method(self.line.connection(), mapped, true).await {
            Ok(done) => {
                savepoint.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // A deadlock has given up the transaction, and the savepoint with it: the app has
                // to be told of the one, and not of the other.
                if savepoint.rollback().await.is_err() {
                    self.left = 0;
                }
                Err(error)
            }
        }
    }

    /// Prepares to send the statement again, or gives the error back.
    async fn again(&mut self, sql: &str, error: DbErr) -> Result<(), DbErr> {
        let fault = fault(&error);
        let newer = match fault {
            // Looked for in any case, so that the next statement goes by it.
            Fault::UndefinedColumn | Fault::Guard | Fault::CachedPlan => {
                Box::pin(self.line.newer(&self.snapshot, fault)).await?
            }
            _ => None,
        };
        let may = self.left > 0 && self.resend.is_atomic(sql, self.snapshot.dialect);
        match newer {
            Some(newer) if may => {
                tracing::debug!(%error, epoch = newer.epoch, "the columns moved on; sending again");
                self.line.go_by(&newer);
                self.snapshot = newer;
            }
            None if may && self.resend.is_upsert && fault == Fault::Unique => {}
            _ => return Err(Box::pin(self.line.told(error, fault)).await),
        }
        self.left -= 1;
        self.snapshot.count_resend();
        Ok(())
    }
}

/// Whether the error is of a kind that sending again may help against; [`Attempt`] knows.
pub(super) fn is_worth_a_look(error: &DbErr) -> bool {
    fault(error) != Fault::Other
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::{ConnectionTrait as _, DatabaseConnection};

    use super::*;
    use crate::database::{Database, Dialect, tables};
    use crate::fleet::{Identity, REFRESH};
    use crate::model::Release;
    use crate::shim::lease::Lease;

    const UPDATE: &str = "UPDATE users SET handle = 'x'";

    async fn lease() -> (DatabaseConnection, Arc<Lease>) {
        let connection = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        tables::create(&connection, Dialect::Sqlite).await.unwrap();
        let refusing = "CREATE TABLE users (id integer UNIQUE); INSERT INTO users VALUES (1);
                        CREATE TABLE guarded (id integer);
                        CREATE TRIGGER guard BEFORE INSERT ON guarded
                            BEGIN SELECT RAISE(ABORT, 'handover guard: no'); END";
        connection.execute_unprepared(refusing).await.unwrap();
        let identity = Identity {
            id: "one".to_owned(),
            host: "here".to_owned(),
            pid: 1,
            release: Release::new(9, 0, 0),
        };
        let database = Database::from_connection(connection.clone()).unwrap();
        let lease =
            Lease::start(database, identity, Vec::new(), Duration::from_mins(1), REFRESH).await;
        (connection, lease.unwrap())
    }

    /// What the database says of a statement that it refuses.
    async fn refused(connection: &DatabaseConnection, expect: Fault) -> DbErr {
        let sql = match expect {
            Fault::Guard => "INSERT INTO guarded VALUES (1)",
            Fault::UndefinedColumn => UPDATE,
            Fault::UndefinedTable => "SELECT 1 FROM nobody",
            Fault::Unique => "INSERT INTO users VALUES (1)",
            _ => "this is no SQL",
        };
        let error = connection.execute_unprepared(sql).await.unwrap_err();
        assert_eq!(fault(&error), expect, "{error}");
        error
    }

    async fn begin(lease: &Lease) -> Attempt<'_, Lease> {
        Attempt::new(lease, lease.mapping().await.unwrap())
    }

    async fn move_on(connection: &DatabaseConnection) {
        let sql = "UPDATE handover_metadata SET epoch = epoch + 1";
        connection.execute_unprepared(sql).await.unwrap();
    }

    /// However often the columns move on: a rename that is forever under way, or an error that is
    /// none of the shim's, must not keep a statement for ever.
    #[tokio::test]
    async fn a_statement_is_sent_again_twice_at_most() {
        let (connection, lease) = lease().await;
        for kind in [Fault::UndefinedColumn, Fault::Guard] {
            let mut attempt = begin(&lease).await;
            for again in [true, true, false] {
                move_on(&connection).await;
                let error = refused(&connection, kind).await;
                assert_eq!(attempt.again(UPDATE, error).await.is_ok(), again, "{kind:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_statement_is_sent_again_only_if_the_columns_moved_on() {
        let (connection, lease) = lease().await;
        for kind in [Fault::UndefinedColumn, Fault::Guard] {
            let mut attempt = begin(&lease).await;
            let error = refused(&connection, kind).await;
            let given = attempt.again(UPDATE, error.clone()).await.unwrap_err();
            assert_eq!(given, error);
        }
    }

    #[tokio::test]
    async fn an_error_of_another_kind_is_given_back_whatever_moved_on() {
        let (connection, lease) = lease().await;
        // A unique index is met by twice the same row too: only of an upsert it may be the twin's.
        for kind in [Fault::UndefinedTable, Fault::Unique, Fault::Other] {
            let mut attempt = begin(&lease).await;
            move_on(&connection).await;
            let error = refused(&connection, kind).await;
            let given = attempt.again(UPDATE, error.clone()).await.unwrap_err();
            assert_eq!(given, error, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn a_text_of_several_statements_is_never_sent_again() {
        let (connection, lease) = lease().await;
        for kind in [Fault::UndefinedColumn, Fault::Guard] {
            let mut attempt = begin(&lease).await;
            move_on(&connection).await;
            let error = refused(&connection, kind).await;
            let two = "DELETE FROM users; UPDATE users SET handle = 'x'";
            assert!(attempt.again(two, error).await.is_err(), "{kind:?}");
        }
    }
}
