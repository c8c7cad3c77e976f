use sqlparser::ast::{Insert, Query, SetExpr, SqliteOnConflict};

use super::insert_columns::Twice;
use super::subexpressions::{is_default_keyword, is_value};
use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl Rewriter<'_> {
    /// Refuses what SQLite would replace by the default of a column, and of that column only:
    /// NULL for one that refuses it.
    pub(super) fn check_replaced(
        &self,
        insert: &Insert,
        source: &Query,
        twice: &[Twice<'_>],
    ) -> Done {
        let replaces = insert.replace_into || insert.or == Some(SqliteOnConflict::Replace);
        if !replaces || self.dialect != Dialect::Sqlite {
            return Ok(());
        }
        let certain = |given: &Twice<'_>| match source.body.as_ref() {
            _ if insert.on.is_some() => false,
            SetExpr::Values(values) => values.rows.iter().all(|row| {
                row.content
                    .get(given.at)
                    .is_some_and(|value| is_value(value) || is_default_keyword(value))
            }),
            _ => false,
        };
        let refuses_null =
            |given: &&Twice<'_>| given.pair.sent_default().is_some_and(|default| default.not_null);
        if twice.iter().filter(refuses_null).all(certain) {
            return Ok(());
        }
        Err(RewriteError::unsupported(
            "REPLACE of a value that may be NULL, for a column whose default is computed",
        ))
    }
}
