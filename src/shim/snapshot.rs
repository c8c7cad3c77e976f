//! The mapping of one epoch, in use as long as a statement has it.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::Statement;
use tokio::sync::watch;

use super::cache::StatementCache;
use super::cached_rewrite::CachedRewrite;
use super::code::Code;
use super::lookups::{Kept, Known, Lookups};
use super::mapped_statement::{MappedStatement, MappedText, mapped_copy, mapped_text};
#[cfg(feature = "schema-sync")]
use super::mapped_table::MappedTable;
use super::mapping::Mapping;
use super::observed_mapping::observed_mapping;
use super::resend_rule::ResendRule;
use super::rewrite::RewriteError;
use super::shared_by_mappings::ProcessWide;
use super::table_set::TableSet;
use crate::database::Dialect;
use crate::database::columns::Listed;
use crate::fleet::Observation;
use crate::model::{ChangeRecord, ColumnPair, Identifier, State, TableName};

/// The mapping of one epoch. Each statement, stream and transaction keeps alive the snapshot that
/// it began with. When the last of them is done, the snapshot is dropped, and the epoch after it
/// may be acknowledged (docs/explanation/protocol.md, rule 14).
#[derive(Debug)]
pub(super) struct Snapshot {
    pub epoch: u64,
    pub dialect: Dialect,
    mapping: Mapping,
    cache: StatementCache,
    /// The tables of which a column may get its other name at any moment.
    pub unsettled: TableSet,
    /// What was observed, if a column may get its other name.
    observed: Option<Observation>,
    /// The snapshot of the same epoch that this one was made of. It counts as in use, too.
    origin: Option<Arc<Self>>,
    /// Closes when the snapshot is dropped.
    _alive: watch::Sender<()>,
}

/// Closes when a snapshot has been dropped.
pub(super) type Drained = watch::Receiver<()>;

impl Snapshot {
    /// Maps the renames that were observed in the database, and those in the program that the
    /// database does not have yet.
    pub fn new(
        dialect: Dialect,
        code: &Code,
        observed: &Observation,
        process: &ProcessWide,
    ) -> (Self, Drained) {
        let mut mapping = observed_mapping(dialect, code, observed);
        let announced = || observed.changes.iter().filter(|own| own.state == State::Announced);
        for change in announced() {
            mapping.unsettle(change.columns());
        }
        let keeps_all = process.note_types(dialect, observed);
        let (alive, drained) = watch::channel(());
        let snapshot = Self {
            epoch: observed.epoch,
            dialect,
            cache: StatementCache::new(observed.epoch, process.clone()).keeping_all(keeps_all),
            unsettled: mapping.unsettled(),
            observed: announced().next().is_some().then(|| observed.clone()),
            mapping,
            origin: None,
            _alive: alive,
        };
        (snapshot, drained)
    }

    /// The tables with columns under change.
    #[cfg(feature = "schema-sync")]
    pub fn tables(&self) -> &[MappedTable] {
        self.mapping.tables()
    }

    /// Makes this the mapping of whoever has used another one of the same state, which stays in use.
    pub fn in_place_of(self, other: Arc<Self>) -> Self {
        Self { origin: Some(other), ..self }
    }

    /// The tables of which a column may get its other name; `None` if there is no such table.
    pub fn unsettled_tables(&self) -> Option<Vec<TableName>> {
        let changes = self.observed.as_ref()?.changes.iter();
        let announced = changes.filter(|own| own.state == State::Announced);
        Some(announced.map(|own| own.columns().table.clone()).collect())
    }

    /// Returns true if these tables have other columns than they had when the snapshot was made.
    pub fn is_out_of_date(&self, tables: &HashMap<TableName, Listed>) -> bool {
        let Some(observed) = &self.observed else { return false };
        tables.iter().any(|(name, listed)| {
            observed.tables.get(name).is_none_or(|own| own.columns != listed.columns)
        })
    }

    /// Returns the mapping of the same state in which the columns that may get their other name have
    /// that one, as far as `said`, the database's error, names them. `None` if it names no such column.
    pub fn with_other_names(self: &Arc<Self>, said: &str, code: &Code) -> Option<Self> {
        let mut observed = self.observed.clone()?;
        let said = said.to_lowercase();
        let mut found = false;
        let announced = observed.changes.iter().filter(|own| own.state == State::Announced);
        for ColumnPair { table, from, to } in announced.map(ChangeRecord::columns) {
            let Some(listed) = observed.tables.get_mut(table) else { continue };
            let Listed { columns, invisible, generated, .. } = listed;
            for column in columns.iter_mut().chain(invisible).chain(generated) {
                let is = |name: &Identifier| self.dialect.same_column(column, name.as_str());
                let other = if is(from) {
                    to
                } else if is(to) {
                    from
                } else {
                    continue;
                };
                if said.contains(&column.to_lowercase()) {
                    other.as_str().clone_into(column);
                    found = true;
                }
            }
        }
        if !found {
            return None;
        }
        let (other, _) = Self::new(self.dialect, code, &observed, &self.cache.process);
        let origin = self.origin.as_ref().unwrap_or(self);
        Some(Self { origin: Some(Arc::clone(origin)), ..other })
    }

    /// Returns a copy of the statement, as it is sent. `None` if it is sent unchanged and never has
    /// to be sent again.
    #[inline]
    pub fn map(&self, statement: &Statement) -> Result<Option<MappedStatement>, RewriteError> {
        let cached =
            if self.mapping.is_empty() { None } else { self.cache.get_first_level(&statement.sql) };
        match cached {
            Some(CachedRewrite::NeverResent) => Ok(None),
            Some(rewrite) => Ok(Some(mapped_copy(rewrite, statement))),
            None => self.map_slow(statement),
        }
    }

    /// Does the same for a statement that is not in the first level of the cache. A function of its
    /// own, so that the code that nearly every statement runs is short.
    #[inline(never)]
    fn map_slow(&self, statement: &Statement) -> Result<Option<MappedStatement>, RewriteError> {
        self.with_rewrite(&statement.sql, |rewrite| match rewrite {
            CachedRewrite::NeverResent => None,
            other => Some(mapped_copy(other, statement)),
        })
    }

    /// Returns the text, as it is sent.
    pub fn map_text(&self, sql: &str) -> Result<MappedText, RewriteError> {
        self.with_rewrite(sql, |rewrite| mapped_text(rewrite, sql))
    }

    /// Returns a copy of the statement, as it is sent, mapped by the columns that are known of other
    /// tables.
    pub fn map_knowing(
        &self,
        statement: &Statement,
        known: &Known,
        kept: Kept,
    ) -> Result<MappedStatement, RewriteError> {
        let (sql, with) = (&statement.sql, |found: &_| mapped_copy(found, statement));
        self.cache.get_knowing(sql, self.dialect, &self.mapping, (known, kept), with)
    }

    /// Returns the text, as it is sent, mapped by the columns that are known of other tables.
    pub fn map_text_knowing(
        &self,
        sql: &str,
        known: &Known,
        kept: Kept,
    ) -> Result<MappedText, RewriteError> {
        let with = |found: &_| mapped_text(found, sql);
        self.cache.get_knowing(sql, self.dialect, &self.mapping, (known, kept), with)
    }

    /// The columns that were looked up under this mapping.
    pub const fn lookups(&self) -> &Lookups {
        &self.cache.lookups
    }

    /// Counts a statement that is sent again.
    pub fn count_resend(&self) {
        self.cache.count_resend();
    }

    fn with_rewrite<T>(
        &self,
        sql: &str,
        with: impl FnOnce(&CachedRewrite) -> T,
    ) -> Result<T, RewriteError> {
        if !self.mapping.is_empty() {
            return self.cache.get(sql, self.dialect, &self.mapping, with);
        }
        let resend = self.cache.may_be_outdated(sql).then(ResendRule::unparsed);
        let rewrite = self.cache.untouched(sql, resend);
        Ok(with(&rewrite))
    }
}
