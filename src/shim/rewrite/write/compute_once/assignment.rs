//! Assigns a value that differs each time it is computed to both columns of a pair.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = random()
//! -- becomes
//! UPDATE users
//! SET ("handle", "username") = (SELECT v, v
//!     FROM (SELECT random() AS v WHERE "users".ctid IS NOT NULL OFFSET 0) AS x)
//! ```

use std::ops::Range;

use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::resolve::ExprContext;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::column_pair_values::texts_for;
use crate::shim::rewrite::write::set::ColumnAssignment;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Sets the columns of a pair to one value that is computed once for each row.
    ///
    /// MariaDB assigns from left to right, so the second column takes the first; its `sql_mode`
    /// must not have `SIMULTANEOUS_ASSIGNMENT`. Elsewhere a query gives both. `OFFSET 0` or
    /// `MATERIALIZED` keeps the planner from computing the value for each column; without a condition
    /// that names the row, the query would hang on no row, and might be computed once for all of
    /// them.
    pub(crate) fn set_once(
        &mut self,
        set: &ColumnAssignment<'_, '_, 'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let ColumnAssignment { pair, parts, value, until } = *set;
        let (Some(first), Some(ident)) = (parts.first(), parts.last()) else { return Ok(()) };
        let start = self.name_range(first)?.start;
        let bytes = self.assigned_value(ident, value, until)?;
        let value = Self::default_of(pair, value).unwrap_or_else(|| Piece::Copy(bytes.clone()));
        let mut pieces = self.assign_once(pair, value, context)?;
        let name = self.name_range(ident)?;
        let comments = self.comments(name.end..bytes.start);
        pieces.splice(1..1, comments);
        self.edits.replace(start..bytes.end, pieces);
        Ok(())
    }

    /// The comments between these bytes, each on a line of its own: one may be ended by that alone.
    fn comments(&self, between: Range<usize>) -> Vec<Piece> {
        let comment = |found: &TokenWithSpan| {
            matches!(
                found.token,
                Token::Whitespace(
                    Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)
                )
            )
        };
        let tokens = self.text.tokens().iter().enumerate().filter(|(_, found)| comment(found));
        let ranges = tokens.map(|(at, _)| self.text.range(at));
        ranges
            .filter(|range| between.start <= range.start && range.end <= between.end)
            .flat_map(|range| [Piece::Copy(range), Piece::New("\n".to_owned())])
            .collect()
    }

    /// The assignment of a value to the columns of a pair.
    pub(crate) fn assign_once(
        &self,
        pair: &MappedColumn,
        value: Piece,
        context: ExprContext<'_, 'a>,
    ) -> Result<Vec<Piece>> {
        let written: Vec<&Identifier> = pair.written().collect();
        let row = context.scope.relations.first().and_then(|table| table.name.as_deref());
        let row = row
            .and_then(|name| Identifier::new(name).ok())
            .ok_or_else(|| RewriteError::unsupported("an assignment to a table of this name"))?;
        let row = self.dialect.quote(&row);
        let columns = self.quoted_list(&written);
        let dual = texts_for(pair, "v");
        let (before, after) = match self.dialect {
            Dialect::Postgres => (
                format!("({columns}) = (SELECT {dual} FROM (SELECT "),
                format!(" AS v WHERE {row}.ctid IS NOT NULL OFFSET 0) AS x)"),
            ),
            Dialect::Sqlite => {
                let (name, read) = (self.unused_name(), self.dialect.quote(pair.read()));
                (
                    format!("({columns}) = (WITH {name} AS MATERIALIZED (SELECT "),
                    format!(" AS v WHERE {row}.{read} IS {row}.{read}) SELECT {dual} FROM {name})"),
                )
            }
            Dialect::MariaDb => {
                let mut columns = written.iter().map(|column| self.dialect.quote(column));
                let first = format!("{row}.{}", columns.next().unwrap_or_default());
                let second = Self::second_of(pair, &first)?;
                let others: Vec<_> =
                    columns.map(|other| format!(", {row}.{other} = {second}")).collect();
                (format!("{first} = "), others.concat())
            }
        };
        Ok(vec![Piece::New(before), value, Piece::New(after)])
    }
}
