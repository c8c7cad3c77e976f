//! Finds what a statement names of a renamed table.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! ANALYZE users (handle)
//! -- becomes
//! an error: `handle` is being renamed, so `ANALYZE users (handle)` belongs in a migration
//! ```

use std::ops::Range;

use crate::model::Identifier;
use crate::shim::rewrite::source::contains_name;
use crate::shim::rewrite::{RewriteError, Rewriter};

/// The columns that a text may name.
pub(super) enum MappedNames<'m> {
    Nothing,
    Table,
    Column(&'m Identifier),
}

impl Rewriter<'_> {
    /// The columns of a renamed table that may be named.
    pub(super) fn mapped_names_in(&self, tokens: Range<usize>) -> MappedNames<'_> {
        let sql = &self.text.sql[self.text.range_of(tokens)];
        let tables = self.mapping.tables().iter();
        let named: Vec<_> =
            tables.filter(|table| contains_name(sql, table.table.name.as_str())).collect();
        let mut columns = named.iter().flat_map(|t| &t.columns).flat_map(|c| [&c.from, &c.to]);
        let column = columns.find(|column| contains_name(sql, column.as_str()));
        match column {
            Some(column) => MappedNames::Column(column),
            None if named.is_empty() => MappedNames::Nothing,
            None => MappedNames::Table,
        }
    }
}

pub(super) fn schema_error(column: &Identifier) -> RewriteError {
    RewriteError::Schema { column: column.to_string(), sql: String::new() }
}
