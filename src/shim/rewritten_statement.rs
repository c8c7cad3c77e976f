//! A statement that the shim rewrites and the app sends by itself.

use std::sync::Arc;

use sea_orm::{DbErr, sqlx};

use super::cached_rewrite::ValueOrder;
use super::lease::Lease;
use super::lookup::{has_other_columns, map_with_lookup};
use super::lookups::{Kept, Known};
use super::mapped_statement::MappedText;
use super::resend_rule::{
    ResendRule, may_be_looked_up_again, may_have_moved_on, may_have_other_name,
};
use super::snapshot::Snapshot;
use crate::database::{Fault, sqlx_fault};

/// A statement rewritten under the present mapping, to be sent by other means than sea-orm
/// ([`Shim::rewrite`](super::Shim::rewrite)).
///
/// Its mapping counts as in use, and migrations wait for it, until it is dropped. Keep it until the
/// statement's result is read, or until the transaction around it ends, and do not reuse it later.
/// Each statement of a transaction needs its own, made at the beginning of the transaction.
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
    pub(super) async fn new(
        sql: &str,
        lease: Arc<Lease>,
        mut snapshot: Arc<Snapshot>,
    ) -> Result<Self, DbErr> {
        if snapshot.map_text(sql).is_err_and(|error| error.lacks_columns()) {
            Box::pin(lease.refresh()).await?;
            snapshot = lease.mapping().await?;
        }
        let mapped = match snapshot.map_text(sql) {
            Err(error) if !error.undecided_tables().is_empty() => {
                let map = |known: &Known, kept| snapshot.map_text_knowing(sql, known, kept);
                let connection = lease.database.connection();
                map_with_lookup(&snapshot, connection, Kept::ForMapping, map).await?
            }
            mapped => mapped?,
        };
        let MappedText { sql, values, resend } = mapped;
        Ok(Self { sql, values, resend, lease, snapshot })
    }

    /// Returns the text to send.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Returns the values in the order in which the placeholders of the text take them. With `?`, a
    /// value may appear twice; with numbered placeholders (`$1`), the order is unchanged.
    pub fn order<'a, T>(&'a self, values: &'a [T]) -> impl Iterator<Item = &'a T> {
        let count = self.values.as_ref().map_or(values.len(), Vec::len);
        (0..count).filter_map(|at| {
            values.get(self.values.as_ref().map_or(Some(at), |own| own.get(at).copied())?)
        })
    }

    /// Returns true if the statement failed because the columns moved on: rewrite it and send it
    /// again. In a transaction with other statements, roll back and run the transaction again from
    /// its beginning.
    ///
    /// Returns false for a text of several statements, since the first ones may have had their
    /// effect.
    ///
    /// # Errors
    /// The state of the columns cannot be read from the database.
    pub async fn is_outdated(&self, error: &sqlx::Error) -> Result<bool, DbErr> {
        let fault = sqlx_fault(error);
        if !self.resend.is_atomic(&self.sql, self.snapshot.dialect) {
            return Ok(false);
        }
        if may_be_looked_up_again(fault)
            && let Some(generation) = self.resend.looked_up
        {
            let connection = self.lease.database.connection();
            if has_other_columns(&self.snapshot, connection, generation, &self.sql).await? {
                return Ok(true);
            }
        }
        if fault == Fault::CachedPlan {
            return Ok(true);
        }
        if !may_have_moved_on(fault) {
            return Ok(false);
        }
        Box::pin(self.lease.refresh()).await?;
        if !Arc::ptr_eq(&self.lease.snapshot(), &self.snapshot) {
            return Ok(true);
        }
        let said = error.to_string();
        Ok(may_have_other_name(fault)
            && Box::pin(self.lease.adopt_other_names(&self.snapshot, &said)).await?)
    }
}

impl Drop for Rewritten {
    /// It has been sent by now: names may mean other tables.
    fn drop(&mut self) {
        if self.resend.changes_names {
            self.lease.forget_lookups();
        }
    }
}
