use sea_orm::Statement;
use tokio::sync::watch;

use super::cache::{StatementCache, may_change_shape};
use super::cached_rewrite::{CachedRewrite, ValueOrder};
use super::mapping::Mapping;
use super::resend::ResendRule;
use super::rewrite::RewriteError;
use crate::database::Dialect;
use crate::database::catalog::Listed;
use crate::fleet::Observation;
use crate::model::{ChangeName, Release, Rename, Side, State};

/// The mapping of one epoch. Each statement, stream and transaction keeps alive the snapshot that
/// it began with. When the last of them is done, the snapshot is dropped, and the epoch after it
/// may be acknowledged (docs/explanation/protocol.md, rule 14).
#[derive(Debug)]
pub(super) struct Snapshot {
    pub epoch: u64,
    pub dialect: Dialect,
    mapping: Mapping,
    cache: StatementCache,
    /// Closes when the snapshot is dropped.
    _alive: watch::Sender<()>,
}

/// A rename that the program was compiled with.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub name: ChangeName,
    pub rename: Rename,
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
    ) -> (Self, Drained) {
        let mut mapping = Mapping::default();
        let unknown = Listed::default();
        let shape = |rename: &Rename| observed.tables.get(&rename.table).unwrap_or(&unknown);
        let mut add = |rename: &Rename, state, says_to: bool| {
            let Listed { schema, columns, invisible, generated } = shape(rename);
            let schema = (!schema.is_empty()).then_some(schema.as_str());
            let code = if says_to { Side::To } else { Side::From };
            mapping.add(rename, state, code, schema, columns);
            mapping.leave_out(rename, invisible, generated);
        };
        for change in &observed.changes {
            let from = change.rename.from.as_str();
            let exists = |own: &String| dialect.same_column(own, from);
            // Another column may have been given the name since.
            let reused = shape(&change.rename).columns.iter().any(exists);
            if change.state != State::Contracted || !reused {
                let says_to = version.has_reached(&change.expand_release);
                add(&change.rename, effective_state(change.state), says_to);
            }
        }
        let defaults = observed
            .changes
            .iter()
            .filter_map(|change| Some((&change.rename, change.computed_default.clone()?)));
        for own in compiled {
            if !observed.changes.iter().any(|change| change.name == own.name) {
                let reached =
                    own.expand_release.as_ref().is_none_or(|own| version.has_reached(own));
                add(&own.rename, State::Pending, reached);
            }
        }
        for (rename, default) in defaults {
            mapping.add_default(rename, default);
        }
        let (alive, drained) = watch::channel(());
        let cache = StatementCache::default();
        (Self { epoch: observed.epoch, dialect, mapping, cache, _alive: alive }, drained)
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
        let unchanged = |resend| MappedText { sql: sql.to_owned(), values: None, resend };
        self.with_rewrite(sql, |rewrite| match rewrite {
            CachedRewrite::NeverResent => unchanged(ResendRule::unparsed()),
            CachedRewrite::Untouched { resend } => unchanged(*resend),
            CachedRewrite::Edited { sql, values, resend } => {
                MappedText { sql: sql.clone(), values: values.clone(), resend: *resend }
            }
        })
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
