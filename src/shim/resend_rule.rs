//! What decides if a statement is sent again: the error that it met, and the properties of its text.

use super::mapping::Mapping;
use super::rewrite::{TextProperties, is_atomic};
use super::table_set::TableSet;
use crate::database::{Dialect, Fault};
use crate::model::State;

/// The properties of a statement that decide if it may be sent again after it has failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResendRule {
    /// True if a failure leaves no effect behind. `None` for a text that was not parsed.
    atomic: Option<bool>,
    /// True for an upsert that may violate a unique index other than its arbiter, because both
    /// columns have one. Sent again, it finds the row (docs/explanation/protocol.md, section 4).
    pub is_upsert: bool,
    /// The tables that the statement opens, of those whose columns may be renamed: PostgreSQL then
    /// keeps them from being changed until the transaction ends. `None` if that is not known yet.
    pub opens: Option<TableSet>,
    /// True if a name may mean another table after the statement.
    pub changes_names: bool,
    /// The generation of the columns that were looked up for the statement; `None` if none were.
    pub looked_up: Option<u32>,
}

impl ResendRule {
    /// The rule of a statement that was not parsed.
    pub const fn unparsed() -> Self {
        Self { atomic: None, is_upsert: false, opens: None, changes_names: false, looked_up: None }
    }

    /// The rule of a statement that is not sent again: it names no mapped table.
    pub fn never() -> Self {
        Self { atomic: Some(false), opens: Some(TableSet::default()), ..Self::unparsed() }
    }

    /// The rule of a statement that is sent unchanged. One that was not parsed names no mapped table.
    pub fn of_untouched(properties: Option<TextProperties>) -> Self {
        Self {
            atomic: properties.map(TextProperties::is_atomic),
            opens: Some(properties.map(|found| found.opens).unwrap_or_default()),
            ..Self::unparsed()
        }
    }

    /// The rule of a statement that is sent with a different text.
    pub fn of_edited(properties: Option<TextProperties>, mapping: &Mapping) -> Self {
        let meets_twin = properties
            .is_some_and(|found| found.has_upsert && found.is_atomic() && both_unique(mapping));
        Self { is_upsert: meets_twin, ..Self::of_untouched(properties) }
    }

    /// The same rule of a text after which names may mean other tables, or not.
    pub const fn with_names_changed(self, changes_names: bool) -> Self {
        Self { changes_names, ..self }
    }

    /// Returns true if the text has no effect when it fails. Scans the text only if it was not
    /// parsed, and therefore only after a failure.
    pub fn is_atomic(self, sql: &str, dialect: Dialect) -> bool {
        self.atomic.unwrap_or_else(|| is_atomic(sql, dialect))
    }
}

/// Returns true if the columns of a mapped table may have moved on since the statement was mapped.
pub(super) const fn may_have_moved_on(fault: Fault) -> bool {
    matches!(fault, Fault::UndefinedColumn | Fault::Guard | Fault::CachedPlan)
}

/// Returns true if a column that is renamed in place may have its other name.
pub(super) const fn may_have_other_name(fault: Fault) -> bool {
    matches!(fault, Fault::UndefinedColumn)
}

/// Returns true if a table that was looked up for the statement may have other columns by now.
pub(super) const fn may_be_looked_up_again(fault: Fault) -> bool {
    matches!(fault, Fault::UndefinedColumn | Fault::AmbiguousColumn)
}

/// Returns true if a mapped column is in a state with unique indexes on both of its columns.
fn both_unique(mapping: &Mapping) -> bool {
    mapping
        .tables()
        .iter()
        .flat_map(|table| &table.columns)
        .any(|column| matches!(column.state, State::DualWrite | State::ReadTo))
}
