//! Sending a statement, and sending it again when the columns have moved on.

use std::sync::Arc;

use sea_orm::{DbErr, Statement};

use super::lease::Lease;
use super::snapshot::Snapshot;
use crate::database::{Fault, fault};

/// One statement on its way outside of a transaction. The database has refused every attempt
/// before the last one whole, so none of them had an effect. Of a text of several statements the
/// first ones may have had theirs: it is not sent again.
pub(super) struct Attempt<'a> {
    lease: &'a Lease,
    snapshot: Arc<Snapshot>,
    upsert: bool,
    several: bool,
    left: u8,
}

/// How often a statement is sent again.
const AGAIN: u8 = 2;

impl<'a> Attempt<'a> {
    /// By the mapping of now, of this lease.
    pub const fn new(lease: &'a Lease, snapshot: Arc<Snapshot>) -> Self {
        Self { lease, snapshot, upsert: false, several: false, left: AGAIN }
    }

    /// Of a statement that has been sent; `upsert` as [`Snapshot::map`] has it.
    pub const fn sent(lease: &'a Lease, snapshot: Arc<Snapshot>, upsert: bool) -> Self {
        Self { lease, snapshot, upsert, several: false, left: AGAIN }
    }

    /// The statement by the mapping of this attempt.
    pub fn map(&mut self, statement: &Statement) -> Result<Statement, DbErr> {
        let mapped = self.snapshot.map(statement)?;
        let (mapped, upsert) = mapped.unwrap_or_else(|| (statement.clone(), false));
        self.upsert = upsert;
        Ok(mapped)
    }

    /// The text by the present mapping.
    pub fn map_text(&mut self, sql: &str) -> Result<Option<String>, DbErr> {
        let (mapped, upsert) = self.snapshot.map_text(sql)?;
        self.upsert = upsert;
        self.several = is_several(sql);
        Ok(mapped)
    }

    /// The mapping, to be kept as long as the result is in use.
    pub fn into_snapshot(self) -> Arc<Snapshot> {
        self.snapshot
    }

    /// Prepares to send the statement again, or gives the error back.
    pub async fn again(&mut self, error: DbErr) -> Result<(), DbErr> {
        if self.left == 0 {
            return Err(error);
        }
        self.left -= 1;
        match fault(&error) {
            Fault::Unique if self.upsert && !self.several => {}
            // The connection keeps the outdated plan for as long as it sees the same text. By the
            // mapping of by now, a star is a list, which is another text.
            Fault::CachedPlan if !self.several => {
                Box::pin(self.lease.refresh()).await?;
                self.snapshot = self.lease.mapping().await?;
            }
            Fault::UndefinedColumn | Fault::Guard => {
                Box::pin(self.lease.refresh()).await?;
                let fresh = self.lease.mapping().await?;
                if fresh.epoch == self.snapshot.epoch || self.several {
                    return Err(error);
                }
                tracing::debug!(%error, epoch = fresh.epoch, "the columns moved on; sending again");
                self.snapshot = fresh;
            }
            _ => return Err(error),
        }
        self.snapshot.count_resend();
        Ok(())
    }
}

/// Whether the error is of a kind that sending again may help against; [`Attempt::again`] knows.
pub(super) fn is_worth_a_look(error: &DbErr) -> bool {
    fault(error) != Fault::Other
}

/// Whether a text may hold more than one statement.
pub(super) fn is_several(sql: &str) -> bool {
    sql.trim_end().trim_end_matches(';').contains(';')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend};

    use super::*;
    use crate::database::{Database, Dialect, tables};
    use crate::fleet::Identity;
    use crate::model::Release;

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
        let lease = Lease::start(database, identity, Vec::new(), Duration::from_mins(1)).await;
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

    async fn begin<'a>(lease: &'a Lease, sql: &str) -> Attempt<'a> {
        let mut attempt = Attempt::new(lease, lease.mapping().await.unwrap());
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let _ = attempt.map(&statement).unwrap();
        attempt
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
            let mut attempt = begin(&lease, UPDATE).await;
            for again in [true, true, false] {
                move_on(&connection).await;
                let error = refused(&connection, kind).await;
                assert_eq!(attempt.again(error).await.is_ok(), again, "{kind:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_statement_is_sent_again_only_if_the_columns_moved_on() {
        let (connection, lease) = lease().await;
        for kind in [Fault::UndefinedColumn, Fault::Guard] {
            let mut attempt = begin(&lease, UPDATE).await;
            let error = refused(&connection, kind).await;
            let given = attempt.again(error.clone()).await.unwrap_err();
            assert_eq!(given, error);
        }
    }

    #[tokio::test]
    async fn an_error_of_another_kind_is_given_back_whatever_moved_on() {
        let (connection, lease) = lease().await;
        // A unique index is met by twice the same row too: only of an upsert it may be the twin's.
        for kind in [Fault::UndefinedTable, Fault::Unique, Fault::Other] {
            let mut attempt = begin(&lease, UPDATE).await;
            move_on(&connection).await;
            let error = refused(&connection, kind).await;
            let given = attempt.again(error.clone()).await.unwrap_err();
            assert_eq!(given, error, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn a_text_of_several_statements_is_never_sent_again() {
        let (connection, lease) = lease().await;
        for kind in [Fault::UndefinedColumn, Fault::Guard] {
            let mut attempt = begin(&lease, UPDATE).await;
            attempt.map_text("DELETE FROM users; UPDATE users SET handle = 'x'").unwrap();
            move_on(&connection).await;
            let error = refused(&connection, kind).await;
            assert!(attempt.again(error).await.is_err(), "{kind:?}");
        }
    }

    #[test]
    fn statements_are_told_apart_from_one_with_a_semicolon_at_its_end() {
        assert!(!is_several("SELECT 1") && !is_several("SELECT 1;") && !is_several("SELECT 1 ;\n"));
        assert!(is_several("SELECT 1; SELECT 2"));
        // Taking one statement for several costs nothing but that it is not sent again.
        assert!(is_several("SELECT ';'"));
    }
}
