use std::sync::Arc;

use sea_orm::{DbErr, sqlx};

use super::lease::Lease;
use super::resend::ResendRule;
use super::rewrite::RewriteError;
use super::sending::ValueOrder;
use super::snapshot::{MappedText, Snapshot};
use crate::database::{Fault, sqlx_fault};

/// A statement by the mapping of one moment, to be sent by other means than sea-orm
/// ([`Shim::rewrite`](super::Shim::rewrite)).
///
/// As long as it lives, its mapping counts as in use, and migrations wait for it. Keep it until the
/// statement's result, or the transaction around it, is done; do not keep it for the next time.
/// The statements of one transaction each need their own, from the begin of the transaction on.
#[derive(Debug)]
#[must_use]
pub struct Rewritten {
    sql: String,
    values: ValueOrder,
    resend: ResendRule,
    lease: Arc<Lease>,
    snapshot: Arc<Snapshot>,
}

impl Rewritten {
    pub(super) fn new(
        sql: &str,
        lease: Arc<Lease>,
        snapshot: Arc<Snapshot>,
    ) -> Result<Self, RewriteError> {
        let MappedText { sql, values, resend } = snapshot.map_text(sql)?;
        Ok(Self { sql, values, resend, lease, snapshot })
    }

    /// The text to send.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The values in the order in which the placeholders of the text take them. With `?`, one
    /// value may be taken twice; numbered placeholders (`$1`) take them as they are.
    pub fn order<'a, T>(&'a self, values: &'a [T]) -> impl Iterator<Item = &'a T> {
        let count = self.values.as_ref().map_or(values.len(), Vec::len);
        (0..count).filter_map(|at| {
            values.get(self.values.as_ref().map_or(Some(at), |own| own.get(at).copied())?)
        })
    }

    /// Whether the statement failed because the columns moved on: rewrite it and send it again. A
    /// transaction has to be rolled back and run again from its begin, unless it was this
    /// statement alone.
    ///
    /// Of a text of several statements the first may have had their effect; that is no `true`.
    ///
    /// # Errors
    /// The database cannot be asked how far the columns are.
    pub async fn is_outdated(&self, error: &sqlx::Error) -> Result<bool, DbErr> {
        match sqlx_fault(error) {
            _ if !self.resend.is_atomic(&self.sql, self.snapshot.dialect) => Ok(false),
            Fault::CachedPlan => Ok(true),
            Fault::UndefinedColumn | Fault::Guard => {
                Box::pin(self.lease.refresh()).await?;
                Ok(self.lease.epoch() != self.snapshot.epoch)
            }
            _ => Ok(false),
        }
    }
}
