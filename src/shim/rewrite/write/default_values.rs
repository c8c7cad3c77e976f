use sqlparser::ast::{Insert, Query, SetExpr};
use sqlparser::tokenizer::Token;

use super::compute_once::Once;
use super::insert_columns::last_ident;
use super::overriding::{OVERRIDING, is_numbered};
use crate::Dialect;
use crate::model::Numbering;
use crate::shim::mapping::{MappedColumn, MappedTable};
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl Rewriter<'_> {
    /// Sends defaults with an insert that has no values: `DEFAULT VALUES`, `SET`.
    pub(super) fn without_values(&mut self, insert: &Insert, table: &MappedTable) -> Done {
        let set = |pair: &MappedColumn| {
            insert.assignments.iter().any(|assignment| {
                let sqlparser::ast::AssignmentTarget::ColumnName(name) = &assignment.target else {
                    return false;
                };
                let last = idents(name).and_then(|parts| parts.last().copied());
                last.is_some_and(|ident| {
                    table.column(self.dialect, &self.fold(ident)).is_some_and(|own| own == pair)
                })
            })
        };
        let mut left_out = Self::left_out(table, &[]);
        left_out.retain(|pair| !set(pair));
        if left_out.is_empty() {
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
            let bytes = self.text.place(first);
            let set: Vec<_> = left_out
                .iter()
                .filter_map(|pair| Some((self.both_of(pair), pair.sent_default()?)))
                .map(|((first, last), default)| {
                    format!(" {first} = ({}), {last} = {first},", default.sql)
                })
                .collect();
            let pieces = vec![Piece::Copy(bytes.clone()), Piece::New(set.concat())];
            self.edits.replace(bytes, pieces);
            return Ok(());
        }
        if !word(first, "DEFAULT") || !word(second, "VALUES") || self.dialect == Dialect::Mysql {
            return Err(RewriteError::unsupported("an INSERT of no values"));
        }
        let bytes = self.text.place(first).start..self.text.place(second).end;
        let columns = self.both_of_each(&left_out);
        let count = left_out.len();
        let is_numbered = |pair: &&MappedColumn| is_numbered(pair, Numbering::Always);
        let overriding = if left_out.iter().any(is_numbered) { OVERRIDING } else { "" };
        let defaults = left_out.iter().filter_map(|pair| pair.sent_default()).enumerate();
        let once = defaults.map(|(at, default)| {
            let (start, before) = match at {
                0 => (bytes.start, format!("({columns}){overriding} VALUES (")),
                _ => (bytes.end, ", ".to_owned()),
            };
            Once {
                bytes: start..bytes.end,
                value: Piece::New(format!("({})", default.sql)),
                around: (before, if at + 1 == count { ")" } else { "" }),
            }
        });
        let once = once.collect();
        self.insert_once(insert, None, once)
    }

    /// Sends defaults with rows of nothing, `VALUES ()`, which MariaDB and MySQL know.
    pub(super) fn of_defaults(
        &mut self,
        insert: &Insert,
        source: &Query,
        left_out: &[&MappedColumn],
    ) -> Done {
        if left_out.is_empty() {
            return Ok(());
        }
        let SetExpr::Values(values) = source.body.as_ref() else {
            return Err(RewriteError::unsupported("an INSERT of no values"));
        };
        self.put_list(insert, format!(" ({})", self.both_of_each(left_out)))?;
        let both = |pair: &&MappedColumn| {
            let default = pair.sent_default()?;
            Some(format!("({}), {}", default.sql, self.first(pair)))
        };
        let row = left_out.iter().filter_map(both).collect::<Vec<_>>().join(", ");
        for values in &values.rows {
            let misplaced = || RewriteError::misplaced("VALUES");
            let close = values.closing_token.0.span;
            let bytes = self.text.place(self.text.token_at(close).ok_or_else(misplaced)?);
            let pieces = vec![Piece::New(row.clone()), Piece::Copy(bytes.clone())];
            self.edits.replace(bytes, pieces);
        }
        Ok(())
    }
}
