//! Refuses a `REPLACE` that would put the default of one column in the place of a NULL.
//!
//! Given in `dual_write` on SQLite, with the default `new_id()` for the column, which is NOT NULL:
//!
//! ```sql
//! REPLACE INTO users (id, handle) VALUES (1, ?)
//! -- becomes
//! an error: not supported on a renamed table: REPLACE of a value that may be NULL, for a
//! column whose default is computed
//! ```

use sqlparser::ast::{Insert, Query, SetExpr, SqliteOnConflict};

use super::insert_columns::DualColumn;
use super::subexpressions::{is_default_keyword, is_value};
use crate::Dialect;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Refuses what SQLite would replace by the default of a column, and of that column only:
    /// NULL for one that refuses it.
    pub(super) fn check_replaced(
        &self,
        insert: &Insert,
        source: &Query,
        dual: &[DualColumn<'_>],
    ) -> Result {
        let replaces = insert.replace_into || insert.or == Some(SqliteOnConflict::Replace);
        if !replaces || self.dialect != Dialect::Sqlite {
            return Ok(());
        }
        let certain = |given: &DualColumn<'_>| match source.body.as_ref() {
            _ if insert.on.is_some() => false,
            SetExpr::Values(values) => values.rows.iter().all(|row| {
                row.content
                    .get(given.at)
                    .is_some_and(|value| is_value(value) || is_default_keyword(value))
            }),
            _ => false,
        };
        let refuses_null = |given: &&DualColumn<'_>| {
            given.pair.sent_default().is_some_and(|default| default.not_null)
        };
        if dual.iter().filter(refuses_null).all(certain) {
            return Ok(());
        }
        Err(RewriteError::unsupported(
            "REPLACE of a value that may be NULL, for a column whose default is computed",
        ))
    }
}
