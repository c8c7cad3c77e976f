//! Finds columns that an insert omits, whose default would give each of two columns another value.
//!
//! Given in `dual_write` on PostgreSQL, with the default `new_id()` for the column:
//!
//! ```sql
//! INSERT INTO users (id) VALUES (1)
//! -- becomes
//! WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v)
//! INSERT INTO users (id, "handle", "username")
//! VALUES (1, (SELECT v FROM once0), (SELECT v FROM once0))
//! ```

use super::insert_columns::DualColumn;
use crate::model::Identifier;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::Rewriter;

impl Rewriter<'_> {
    /// The columns with such a default that are not among those that an insert gives.
    pub(super) fn omitted_defaults<'t>(
        table: &'t MappedTable,
        given: &[DualColumn<'_>],
    ) -> Vec<&'t MappedColumn> {
        let is_given = |pair: &MappedColumn| given.iter().any(|given| given.pair == pair);
        let columns = table.columns.iter();
        columns.filter(|pair| pair.sent_default().is_some() && !is_given(pair)).collect()
    }

    /// The columns of some pairs, as a list.
    pub(super) fn column_list_of(&self, pairs: &[&MappedColumn]) -> String {
        let all: Vec<&Identifier> = pairs.iter().flat_map(|pair| pair.written()).collect();
        self.quoted_list(&all)
    }

    /// The columns of a pair in the order in which they are set.
    pub(super) fn both_columns(&self, pair: &MappedColumn) -> (String, String) {
        (self.first_written(pair), self.dialect.quote(pair.read()))
    }
}
