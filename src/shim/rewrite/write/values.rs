//! Writes the values of a `VALUES` list twice, for columns that are written twice.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! INSERT INTO users (id, handle) VALUES (?, ?), (3, 'c')
//! -- becomes
//! INSERT INTO users (id, `handle`, `username`) VALUES (?, ?, ?), (3, 'c', 'c')
//! ```

use std::ops::Range;

use sqlparser::ast::Values;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::column_pair_values::values_for;
use super::compute_once::ComputedValue;
use super::insert_columns::DualColumn;
use super::subexpressions::{is_default_keyword, names};
use super::value_ranges::list_item;
use super::volatility::is_stable;
use crate::Dialect;
use crate::model::ComputedDefault;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Doubles the values of some columns in every row, and adds the defaults of those that are
    /// left out; gives those that differ each time they are computed, which are left as they are.
    pub(crate) fn duplicate_in_rows<'p>(
        &mut self,
        values: &Values,
        dual: &[DualColumn<'p>],
        omitted: &[&'p MappedColumn],
    ) -> Result<Vec<ComputedValue<'p>>> {
        let mut computed = Vec::new();
        for row in &values.rows {
            let misplaced = || RewriteError::misplaced("VALUES");
            let open = self.text.token_at(row.opening_token.0.span).ok_or_else(misplaced)?;
            let close = self.text.token_at(row.closing_token.0.span).ok_or_else(misplaced)?;
            let bytes = self.text.range(open).start..self.text.range(close).end;
            let items = self.list_item_ranges(bytes, row.content.len())?;
            for DualColumn { at, pair } in dual {
                let (bytes, value) = list_item(&items, &row.content, *at)?;
                // There a value sees the columns that are set before it: the second one would see
                // what the first one is.
                if self.dialect == Dialect::MariaDb
                    && (names(value, &|i| self.is_mapped_column(&self.fold(i)))
                        || self.reads_renamed(&bytes))
                {
                    return Err(RewriteError::unsupported("VALUES that read a renamed column"));
                }
                let mut own = ComputedValue::of(bytes, pair);
                match Self::default_of(pair, value) {
                    Some(default) => own.value = default,
                    None if is_stable(value) || pair.written().count() < 2 => {
                        let pieces = [Piece::Copy(own.bytes.clone())];
                        let values = values_for(pair, &pieces, is_default_keyword(value));
                        self.edits.replace(own.bytes, values);
                        continue;
                    }
                    None => {}
                }
                match self.dialect {
                    // The second column takes the first, which has been set by then.
                    Dialect::MariaDb => {
                        let second = Self::second_of(pair, &self.first_written(pair))?;
                        let first = format!(", {second}");
                        self.edits.replace(own.bytes, vec![own.value, Piece::New(first)]);
                    }
                    Dialect::Postgres | Dialect::Sqlite => computed.push(own),
                }
            }
            if !omitted.is_empty() {
                computed.append(&mut self.add_defaults(close, omitted));
            }
        }
        Ok(computed)
    }

    /// Returns true if a renamed column is named in these bytes, outside of the queries in them: also in an
    /// expression whose parts are not known.
    fn reads_renamed(&self, bytes: &Range<usize>) -> bool {
        let (mut at, mut depth, mut query) = (self.text.after(bytes.start), 0_usize, None);
        while at < self.text.tokens().len() && self.text.range(at).start < bytes.end {
            let next = self.text.next(at + 1);
            match &self.text.tokens()[at].token {
                Token::LParen => {
                    depth += 1;
                    let begins = matches!(self.text.tokens().get(next).map(|next| &next.token),
                        Some(Token::Word(word)) if matches!(word.keyword, Keyword::SELECT | Keyword::WITH));
                    query = query.or(begins.then_some(depth));
                }
                Token::RParen => {
                    query = query.filter(|query| *query != depth);
                    depth = depth.saturating_sub(1);
                }
                Token::Word(_)
                    if query.is_none()
                        && !self.text.is(next, &Token::LParen)
                        && self.word(at).is_some_and(|name| self.is_mapped_column(&name)) =>
                {
                    return true;
                }
                _ => {}
            }
            at = next;
        }
        false
    }

    /// Adds defaults at the end of a row, which this token closes.
    fn add_defaults<'p>(
        &mut self,
        close: usize,
        omitted: &[&'p MappedColumn],
    ) -> Vec<ComputedValue<'p>> {
        let bytes = self.text.range(close);
        let defaults = omitted.iter().filter_map(|pair| Some((pair, pair.sent_default()?)));
        if self.dialect != Dialect::MariaDb {
            let at = bytes.start..bytes.start;
            let computed = |(pair, default): (&&'p MappedColumn, &ComputedDefault)| ComputedValue {
                pair,
                bytes: at.clone(),
                value: Piece::New(format!("({})", default.sql)),
                around: (", ".to_owned(), ""),
            };
            return defaults.map(computed).collect();
        }
        let added: Vec<_> = defaults
            .map(|(pair, default)| format!(", ({}), {}", default.sql, self.first_written(pair)))
            .collect();
        let pieces = vec![Piece::New(added.concat()), Piece::Copy(bytes.clone())];
        self.edits.replace(bytes, pieces);
        Vec::new()
    }
}
