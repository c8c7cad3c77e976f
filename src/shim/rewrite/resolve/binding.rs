//! The meanings that a column's name can have.

use std::ops::Range;

use super::whole_row::WholeRow;
use crate::shim::mapped_column::MappedColumn;

/// The meaning of a column name.
#[derive(Debug, Clone)]
pub(crate) enum Binding<'m> {
    /// A renamed column of the table that these bytes name.
    Column(&'m MappedColumn, Range<usize>),
    /// A renamed column of a query, which exposes it under this name instead.
    Exposed(String, &'m MappedColumn),
    /// A column of a query under its own name.
    Same(Option<&'m MappedColumn>),
    /// A whole row of a mapped table.
    Row(WholeRow<'m>),
    /// A column of a table without a renamed one, which these bytes name. The bare name could be
    /// found as a renamed column, too.
    Neighbour {
        source: Range<usize>,
        /// The renamed column is in the same scope, so that the bare name would be ambiguous.
        required: bool,
    },
    /// Nothing that was renamed.
    Other,
}
