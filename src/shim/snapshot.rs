use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::Statement;
use tokio::sync::watch;

use super::cache::{StatementCache, may_change_shape};
use super::cached_rewrite::{CachedRewrite, ValueOrder};
use super::dropped_uses::DroppedUses;
use super::lookups::{Kept, Known, Lookups};
use super::mapping::Mapping;
use super::resend::ResendRule;
use super::retyped_column::RetypedColumn;
use super::rewrite::RewriteError;
use super::table_set::TableSet;
use crate::database::Dialect;
use crate::database::catalog::Listed;
use crate::fleet::Observation;
use crate::model::{
    ChangeKind, ChangeName, ChangeRecord, ColumnPair, Identifier, Release, Side, State, TableName,
};

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

/// A rename that the program was compiled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    pub name: ChangeName,
    pub kind: ChangeKind,
    /// The first release whose code uses the name `to`. `None` while the rename is unreleased.
    pub expand_release: Option<Release>,
}

/// A copy of a statement, as it is sent. The original is kept, since it may have to be sent again.
pub(super) struct MappedStatement {
    pub statement: Statement,
    pub resend: ResendRule,
}

/// A text without values, as it is sent.
pub(super) struct MappedText {
    pub sql: String,
    pub values: ValueOrder,
    pub resend: ResendRule,
}

/// Closes when a snapshot has been dropped.
pub(super) type Drained = watch::Receiver<()>;

impl Snapshot {
    /// Maps the renames that were observed in the database, and those in the program that the
    /// database does not have yet.
    pub fn new(
        dialect: Dialect,
        version: &Release,
        compiled: &[Compiled],
        observed: &Observation,
        dropped_uses: &Arc<DroppedUses>,
    ) -> (Self, Drained) {
        let mut mapping = Mapping::default();
        let unknown = Listed::default();
        let shape = |rename: &ColumnPair| observed.tables.get(&rename.table).unwrap_or(&unknown);
        let mut add = |rename: &ColumnPair, state, says_to: bool| {
            let Listed { schema, columns, invisible, generated } = shape(rename);
            let schema = (!schema.is_empty()).then_some(schema.as_str());
            let code = if says_to { Side::To } else { Side::From };
            mapping.add(rename, state, code, schema, columns);
            mapping.leave_out(rename, invisible, generated);
        };
        let mut conversions = Vec::new();
        let renames = |kind: &ChangeKind| !kind.course().drops;
        for change in observed.changes.iter().filter(|change| renames(&change.kind)) {
            let rename = change.columns();
            let columns = &shape(rename).columns;
            let has = |name: &Identifier| {
                columns.iter().any(|own| dialect.same_column(own, name.as_str()))
            };
            let state = match effective_state(change.state) {
                // It has been renamed, and its next state is about to be published.
                State::Announced if has(&rename.to) && !has(&rename.from) => State::Contracted,
                other => other,
            };
            if change.kind.retype().is_some() {
                continue;
            }
            // Another column may have been given the name since.
            if change.state != State::Contracted || !has(&rename.from) {
                add(rename, state, version.has_reached(&change.expand_release));
            }
        }
        let defaults = observed
            .changes
            .iter()
            .filter_map(|change| Some((change.columns(), change.computed_default.clone()?)));
        for own in compiled.iter().filter(|own| renames(&own.kind)) {
            // Until a change of type begins, the code's own type is that of the column, or cannot be.
            let begun = observed.changes.iter().any(|change| change.name == own.name);
            if !begun && own.kind.retype().is_none() {
                let reached =
                    own.expand_release.as_ref().is_none_or(|own| version.has_reached(own));
                let state = unrecorded_state(dialect, own, compiled, &observed.tables);
                add(own.kind.columns(), state, reached);
            }
        }
        for change in &observed.changes {
            let columns = change.columns();
            if let Some(retyped) = RetypedColumn::of(dialect, version, change, shape(columns)) {
                add(&retyped.columns, retyped.state, false);
                conversions.push((retyped.columns, retyped.conversion));
            }
        }
        add_dropped(&mut mapping, version, compiled, observed);
        for (columns, conversion) in conversions {
            mapping.retype(&columns, conversion);
            mapping.move_name(&columns);
        }
        for (rename, default) in defaults {
            mapping.add_default(rename, default);
        }
        let observed_kinds = observed.changes.iter().map(|change| &change.kind);
        for kind in observed_kinds.chain(compiled.iter().map(|own| &own.kind)) {
            if kind.course().moves_name {
                mapping.move_name(kind.columns());
            }
        }
        let announced = || observed.changes.iter().filter(|own| own.state == State::Announced);
        for change in announced() {
            mapping.unsettle(change.columns());
        }
        let (alive, drained) = watch::channel(());
        let snapshot = Self {
            epoch: observed.epoch,
            dialect,
            cache: StatementCache::reporting_to(Arc::clone(dropped_uses)),
            unsettled: mapping.unsettled(),
            observed: announced().next().is_some().then(|| observed.clone()),
            mapping,
            origin: None,
            _alive: alive,
        };
        (snapshot, drained)
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
    pub fn with_other_names(
        self: &Arc<Self>,
        said: &str,
        version: &Release,
        compiled: &[Compiled],
    ) -> Option<Self> {
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
        let (other, _) =
            Self::new(self.dialect, version, compiled, &observed, &self.cache.dropped_uses);
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
        let rewrite = if may_change_shape(sql) {
            CachedRewrite::Untouched { resend: ResendRule::unparsed() }
        } else {
            CachedRewrite::NeverResent
        };
        Ok(with(&rewrite))
    }
}

/// The state of a rename that the database has no record of: its columns tell. A table may have been
/// made with the new name, by a migration of the app that was corrected. The later of two renames of
/// one column tells of the earlier one.
fn unrecorded_state(
    dialect: Dialect,
    own: &Compiled,
    compiled: &[Compiled],
    tables: &HashMap<TableName, Listed>,
) -> State {
    let ColumnPair { table, from, to } = own.kind.columns();
    let Some(Listed { columns, .. }) = tables.get(table) else { return State::Pending };
    let has = |name: &Identifier| columns.iter().any(|own| dialect.same_column(own, name.as_str()));
    if has(from) {
        return State::Pending;
    }
    let goes_on = |later: &&Compiled| {
        let next = later.kind.columns();
        &next.table == table && dialect.same_column(next.from.as_str(), to.as_str())
    };
    let is_later = compiled.iter().skip_while(|other| other.name != own.name).skip(1);
    let mut later = is_later.filter(goes_on);
    let renamed = has(to)
        || later.any(|next| unrecorded_state(dialect, next, compiled, tables) != State::Pending);
    if renamed { State::Contracted } else { State::Pending }
}

/// Maps the columns that are dropped: those that were observed in the database, and those in the
/// program that the database does not have yet.
fn add_dropped(
    mapping: &mut Mapping,
    version: &Release,
    compiled: &[Compiled],
    observed: &Observation,
) {
    let unknown = Listed::default();
    let mut add = |(name, kind): (&ChangeName, &ChangeKind), state, reached: bool| {
        let columns = kind.columns();
        let Listed { schema, columns: physical, invisible, generated } =
            observed.tables.get(&columns.table).unwrap_or(&unknown);
        let schema = (!schema.is_empty()).then_some(schema.as_str());
        let code = if reached { Side::To } else { Side::From };
        mapping.add_dropped(columns, (name, state), code, schema, physical);
        mapping.leave_out(columns, invisible, generated);
    };
    for change in observed.changes.iter().filter(|change| change.kind.course().drops) {
        let reached = version.has_reached(&change.expand_release);
        add((&change.name, &change.kind), change.state, reached);
    }
    let is_new = |own: &&Compiled| {
        own.kind.course().drops && !observed.changes.iter().any(|change| change.name == own.name)
    };
    for own in compiled.iter().filter(is_new) {
        let reached = own.expand_release.as_ref().is_none_or(|own| version.has_reached(own));
        add((&own.name, &own.kind), State::Pending, reached);
    }
}

/// Returns a copy of the statement, as it is sent. A function of its own, since most statements
/// need only the lookup and no copy.
#[inline(never)]
fn mapped_copy(rewrite: &CachedRewrite, statement: &Statement) -> MappedStatement {
    let (sql, values, resend) = match rewrite {
        CachedRewrite::Edited { sql, values, resend } => (sql, values, *resend),
        CachedRewrite::Untouched { resend } => {
            return MappedStatement { statement: statement.clone(), resend: *resend };
        }
        CachedRewrite::NeverResent => return MappedStatement::unmapped(statement),
    };
    let values = match (values, &statement.values) {
        (Some(order), Some(values)) => Some(sea_orm::Values(
            order.iter().filter_map(|at| values.0.get(*at)).cloned().collect(),
        )),
        _ => statement.values.clone(),
    };
    let statement = Statement { sql: sql.clone(), values, db_backend: statement.db_backend };
    MappedStatement { statement, resend }
}

/// Returns the text as it is sent.
fn mapped_text(rewrite: &CachedRewrite, sql: &str) -> MappedText {
    let unchanged = |resend| MappedText { sql: sql.to_owned(), values: None, resend };
    match rewrite {
        CachedRewrite::NeverResent => unchanged(ResendRule::unparsed()),
        CachedRewrite::Untouched { resend } => unchanged(*resend),
        CachedRewrite::Edited { sql, values, resend } => {
            MappedText { sql: sql.clone(), values: values.clone(), resend: *resend }
        }
    }
}

impl MappedStatement {
    /// A copy of a statement that is sent unchanged.
    pub fn unmapped(statement: &Statement) -> Self {
        Self { statement: statement.clone(), resend: ResendRule::unparsed() }
    }
}

/// Returns the state that the shim acts on: the database's, unless a test breaks the dual write.
fn effective_state(state: State) -> State {
    fail::fail_point!("shim::dual_write", |_| match state {
        State::DualWrite => State::Pending,
        State::ReadTo => State::WriteTo,
        other => other,
    });
    state
}
