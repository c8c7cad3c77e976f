use sea_orm::Statement;
use tokio::sync::watch;

use super::cache::{StatementCache, may_change_shape};
use super::mapping::Mapping;
use super::resend::ResendRule;
use super::rewrite::RewriteError;
use super::sending::{Sending, ValueOrder};
use crate::database::Dialect;
use crate::database::catalog::Listed;
use crate::fleet::Observation;
use crate::model::{ChangeName, Release, Rename, Side, State};

/// The mapping of one epoch. Every statement, stream and transaction keeps the one that it began
/// with alive; when the last of them is done it is dropped, and the epoch after it may be
/// acknowledged (docs/explanation/protocol.md, rule 14).
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
    /// The release from which on code says `to`; none while unreleased.
    pub expand_release: Option<Release>,
}

/// A statement as it is to be sent, a copy: the original may have to be sent again.
pub(super) struct MappedStatement {
    pub statement: Statement,
    pub resend: ResendRule,
}

/// The same of a text alone.
pub(super) struct MappedText {
    pub sql: String,
    pub values: ValueOrder,
    pub resend: ResendRule,
}

/// Closes when a snapshot has been dropped.
pub(super) type Drained = watch::Receiver<()>;

impl Snapshot {
    /// The mapping of what was observed, and of the renames in the program of which the database
    /// does not know yet.
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
            // The name may since have been given to another column.
            let reused = shape(&change.rename).columns.iter().any(exists);
            if change.state != State::Contracted || !reused {
                let says_to = version.has_reached(&change.expand_release);
                add(&change.rename, in_effect(change.state), says_to);
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

    /// The statement as it is to be sent. None where it goes as it is and never has to be sent again.
    #[inline]
    pub fn map(&self, statement: &Statement) -> Result<Option<MappedStatement>, RewriteError> {
        let front =
            if self.mapping.is_empty() { None } else { self.cache.in_front(&statement.sql) };
        match front {
            Some(Sending::Alone) => Ok(None),
            Some(copied) => Ok(Some(copy(copied, statement))),
            None => self.map_other(statement),
        }
    }

    /// The same for a statement that is not in front. Apart, so that what nearly every statement
    /// needs is short.
    #[inline(never)]
    fn map_other(&self, statement: &Statement) -> Result<Option<MappedStatement>, RewriteError> {
        self.sending(&statement.sql, |sending| match sending {
            Sending::Alone => None,
            copied => Some(copy(copied, statement)),
        })
    }

    /// The text as it is to be sent.
    pub fn map_text(&self, sql: &str) -> Result<MappedText, RewriteError> {
        let as_it_is = |resend| MappedText { sql: sql.to_owned(), values: None, resend };
        self.sending(sql, |sending| match sending {
            Sending::Alone => as_it_is(ResendRule::unparsed()),
            Sending::Untouched { resend } => as_it_is(*resend),
            Sending::Edited { sql, values, resend } => {
                MappedText { sql: sql.clone(), values: values.clone(), resend: *resend }
            }
        })
    }

    /// Counts a statement that is sent again.
    pub fn count_resend(&self) {
        self.cache.count_resend();
    }

    fn sending<T>(&self, sql: &str, with: impl FnOnce(&Sending) -> T) -> Result<T, RewriteError> {
        if !self.mapping.is_empty() {
            return self.cache.get(sql, self.dialect, &self.mapping, with);
        }
        let shape = if may_change_shape(sql) {
            Sending::Untouched { resend: ResendRule::unparsed() }
        } else {
            Sending::Alone
        };
        Ok(with(&shape))
    }
}

/// The statement as it is to be sent. Apart from the look at how it is to be sent, which is all that
/// most statements need.
#[inline(never)]
fn copy(sending: &Sending, statement: &Statement) -> MappedStatement {
    let (sql, values, resend) = match sending {
        Sending::Edited { sql, values, resend } => (sql, values, *resend),
        Sending::Untouched { resend } => {
            return MappedStatement { statement: statement.clone(), resend: *resend };
        }
        Sending::Alone => return MappedStatement::unmapped(statement),
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
    /// A statement that goes as it is.
    pub fn unmapped(statement: &Statement) -> Self {
        Self { statement: statement.clone(), resend: ResendRule::unparsed() }
    }
}

/// The state that the shim acts on: the database's, unless a test breaks the dual write.
fn in_effect(state: State) -> State {
    fail::fail_point!("shim::dual_write", |_| match state {
        State::DualWrite => State::Pending,
        State::ReadTo => State::WriteTo,
        other => other,
    });
    state
}
