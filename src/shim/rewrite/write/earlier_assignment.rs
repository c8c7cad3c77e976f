//! An assignment to a renamed column, kept until the list ends: the other name may come too.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET username = 'a', handle = 'b'
//! -- becomes
//! an error: `users` is given values for both `username` and `handle`, which are one column
//! ```

use sqlparser::ast::Expr;

use crate::shim::mapped_column::MappedColumn;

/// A renamed column that the list has set already.
pub(super) struct EarlierAssignment<'e, 'm> {
    pub(super) pair: &'m MappedColumn,
    pub(super) value: &'e Expr,
}
