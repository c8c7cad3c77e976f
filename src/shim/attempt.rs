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
    pub fn new(lease: &'a Lease, snapshot: Arc<Snapshot>) -> Self {
        Self { lease, snapshot, upsert: false, several: false, left: AGAIN }
    }

    /// The statement by the present mapping; none where it goes as it is and never has to be sent
    /// again.
    pub fn map(&mut self, statement: &Statement) -> Result<Option<Statement>, DbErr> {
        Ok(self.snapshot.map(statement)?.map(|(mapped, upsert)| {
            self.upsert = upsert;
            mapped
        }))
    }

    /// The statement for another attempt, by the mapping of by now.
    pub fn map_again(&mut self, statement: &Statement) -> Result<Statement, DbErr> {
        Ok(self.map(statement)?.unwrap_or_else(|| statement.clone()))
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
