//! Sends defaults with an insert that gives no values.
//!
//! Given in `dual_write` on PostgreSQL, with the default `new_id()` for the column:
//!
//! ```sql
//! INSERT INTO users DEFAULT VALUES
//! -- becomes
//! WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v)
//! INSERT INTO users ("handle", "username")
//! VALUES ((SELECT v FROM once0), (SELECT v FROM once0))
//! ```

use std::ops::Range;

use sqlparser::ast::{AssignmentTarget, Insert, Query, SetExpr};
use sqlparser::tokenizer::Token;

use super::compute_once::ComputedValue;
use super::insert_columns::last_ident;
use super::overriding::{OVERRIDING, is_numbered};
use crate::Dialect;
use crate::model::Numbering;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::resolve::idents;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Sends defaults with an insert that has no values: `DEFAULT VALUES`, `SET`.
    pub(super) fn insert_default_values(&mut self, insert: &Insert, table: &MappedTable) -> Result {
        let mut omitted = Self::omitted_defaults(table, &[]);
        omitted.retain(|pair| !self.is_assigned(pair, insert, table));
        if omitted.is_empty() {
            return Ok(());
        }
        let misplaced = || RewriteError::misplaced("the values of an INSERT");
        let target = last_ident(insert).ok_or_else(misplaced)?;
        let first = self.text.next(self.text.ident(target)? + 1);
        let second = self.text.next(first + 1);
        let word = |at: usize, word: &str| {
            matches!(self.text.tokens().get(at).map(|token| &token.token),
                Some(Token::Word(found)) if found.value.eq_ignore_ascii_case(word))
        };
        if word(first, "SET") {
            self.assign_defaults(first, &omitted);
            return Ok(());
        }
        if !word(first, "DEFAULT") || !word(second, "VALUES") || self.dialect == Dialect::MariaDb {
            return Err(RewriteError::unsupported("an INSERT of no values"));
        }
        let bytes = self.text.range(first).start..self.text.range(second).end;
        let computed = self.row_of_defaults(&bytes, &omitted);
        self.insert_computed_once(insert, None, computed)
    }

    /// Returns true if `INSERT … SET` has an assignment to the column.
    fn is_assigned(&self, pair: &MappedColumn, insert: &Insert, table: &MappedTable) -> bool {
        insert.assignments.iter().any(|assignment| {
            let AssignmentTarget::ColumnName(name) = &assignment.target else { return false };
            let last = idents(name).and_then(|parts| parts.last().copied());
            last.is_some_and(|ident| {
                table.column(self.dialect, &self.fold(ident)).is_some_and(|own| own == pair)
            })
        })
    }

    /// Puts assignments of the omitted defaults behind the token `SET`.
    fn assign_defaults(&mut self, set: usize, omitted: &[&MappedColumn]) {
        let bytes = self.text.range(set);
        let assignments: Vec<_> = omitted
            .iter()
            .filter_map(|pair| Some((self.both_columns(pair), pair.sent_default()?)))
            .map(|((first, last), default)| {
                format!(" {first} = ({}), {last} = {first},", default.sql)
            })
            .collect();
        let pieces = vec![Piece::Copy(bytes.clone()), Piece::New(assignments.concat())];
        self.edits.replace(bytes, pieces);
    }

    /// The values of `(columns) VALUES (…)`, which replaces `DEFAULT VALUES` in these bytes.
    fn row_of_defaults<'p>(
        &self,
        bytes: &Range<usize>,
        omitted: &[&'p MappedColumn],
    ) -> Vec<ComputedValue<'p>> {
        let columns = self.column_list_of(omitted);
        let count = omitted.len();
        let is_numbered = |pair: &&MappedColumn| is_numbered(pair, Numbering::Always);
        let overriding = if omitted.iter().any(is_numbered) { OVERRIDING } else { "" };
        let defaults = omitted.iter().filter_map(|pair| Some((*pair, pair.sent_default()?)));
        let computed = defaults.enumerate().map(|(at, (pair, default))| {
            let (start, before) = match at {
                0 => (bytes.start, format!("({columns}){overriding} VALUES (")),
                _ => (bytes.end, ", ".to_owned()),
            };
            ComputedValue {
                pair,
                bytes: start..bytes.end,
                value: Piece::New(format!("({})", default.sql)),
                around: (before, if at + 1 == count { ")" } else { "" }),
            }
        });
        computed.collect()
    }

    /// Sends defaults with rows of nothing, `VALUES ()`, which MariaDB and MySQL know.
    pub(super) fn insert_empty_rows(
        &mut self,
        insert: &Insert,
        source: &Query,
        omitted: &[&MappedColumn],
    ) -> Result {
        if omitted.is_empty() {
            return Ok(());
        }
        let SetExpr::Values(values) = source.body.as_ref() else {
            return Err(RewriteError::unsupported("an INSERT of no values"));
        };
        self.put_list(insert, format!(" ({})", self.column_list_of(omitted)))?;
        let both = |pair: &&MappedColumn| {
            let default = pair.sent_default()?;
            Some(format!("({}), {}", default.sql, self.first_written(pair)))
        };
        let row = omitted.iter().filter_map(both).collect::<Vec<_>>().join(", ");
        for values in &values.rows {
            let misplaced = || RewriteError::misplaced("VALUES");
            let close = values.closing_token.0.span;
            let bytes = self.text.range(self.text.token_at(close).ok_or_else(misplaced)?);
            let pieces = vec![Piece::New(row.clone()), Piece::Copy(bytes.clone())];
            self.edits.replace(bytes, pieces);
        }
        Ok(())
    }
}
