//! In `SET username = 'a', handle = 'a'`, the first assignment when the second is mapped.

use sqlparser::ast::Expr;

use crate::shim::mapping::MappedColumn;

/// A renamed column that the list has set already.
pub(super) struct EarlierAssignment<'e, 'm> {
    pub(super) pair: &'m MappedColumn,
    pub(super) value: &'e Expr,
}
