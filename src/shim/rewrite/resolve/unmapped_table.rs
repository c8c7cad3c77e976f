//! A table without a renamed column, of which the columns may be known.

use crate::model::TableName;
use crate::shim::known_columns::TableColumns;

/// A table without a renamed column.
#[derive(Debug, Clone)]
pub(crate) struct UnmappedTable<'m> {
    /// The name by which the database can be asked for the columns; `None` if it cannot.
    pub(crate) name: Option<TableName>,
    /// The columns; `None` if they are not known.
    pub(crate) columns: Option<&'m TableColumns>,
}
