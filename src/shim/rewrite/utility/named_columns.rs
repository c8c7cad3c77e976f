use std::ops::Range;

use crate::model::Identifier;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::Rewriter;
use crate::shim::rewrite::source::prefilter::contains_name;

/// What a text may name.
pub(super) enum Concern<'m> {
    Nothing,
    Table,
    Column(&'m Identifier),
}

impl Rewriter<'_> {
    /// What may be named of a renamed table.
    pub(super) fn concerned(&self, tokens: Range<usize>) -> Concern<'_> {
        let sql = &self.text.sql[self.text.places(tokens)];
        let tables = self.mapping.tables().iter();
        let named: Vec<_> =
            tables.filter(|table| contains_name(sql, table.table.name.as_str())).collect();
        let mut columns = named.iter().flat_map(|t| &t.columns).flat_map(|c| [&c.from, &c.to]);
        let column = columns.find(|column| contains_name(sql, column.as_str()));
        match column {
            Some(column) => Concern::Column(column),
            None if named.is_empty() => Concern::Nothing,
            None => Concern::Table,
        }
    }
}

pub(super) fn schema(column: &Identifier) -> RewriteError {
    RewriteError::Schema { column: column.to_string(), sql: String::new() }
}
