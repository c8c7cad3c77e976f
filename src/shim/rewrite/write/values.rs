use std::ops::Range;

use sqlparser::ast::Values;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::compute_once::Once;
use super::insert_columns::Twice;
use super::list_items::element;
use super::subexpressions::names;
use super::volatility::duplicable;
use crate::Dialect;
use crate::model::ComputedDefault;
use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl Rewriter<'_> {
    /// Doubles the values of some columns in every row, and adds the defaults of those that are
    /// left out; gives those that differ each time they are computed, which are left as they are.
    pub(crate) fn duplicate_in_rows(
        &mut self,
        values: &Values,
        twice: &[Twice<'_>],
        left_out: &[&MappedColumn],
    ) -> Done<Vec<Once>> {
        let mut once = Vec::new();
        for row in &values.rows {
            let misplaced = || RewriteError::misplaced("VALUES");
            let open = self.text.token_at(row.opening_token.0.span).ok_or_else(misplaced)?;
            let close = self.text.token_at(row.closing_token.0.span).ok_or_else(misplaced)?;
            let bytes = self.text.place(open).start..self.text.place(close).end;
            let elements = self.elements(bytes, row.content.len())?;
            for Twice { at, pair } in twice {
                let (bytes, value) = element(&elements, &row.content, *at)?;
                // There a value sees the columns that are set before it: the second one would see
                // what the first one is.
                if self.dialect == Dialect::Mysql
                    && (names(value, &|i| self.is_mapped_column(&self.fold(i)))
                        || self.reads_renamed(&bytes))
                {
                    return Err(RewriteError::unsupported("VALUES that read a renamed column"));
                }
                let mut own = Once::of(bytes);
                match Self::default_of(pair, value) {
                    Some(default) => own.value = default,
                    None if duplicable(value) => {
                        self.duplicate_bytes(&own.bytes);
                        continue;
                    }
                    None => {}
                }
                match self.dialect {
                    // The second column takes the first, which has been set by then.
                    Dialect::Mysql => {
                        let first = format!(", {}", self.first(pair));
                        self.edits.replace(own.bytes, vec![own.value, Piece::New(first)]);
                    }
                    Dialect::Postgres | Dialect::Sqlite => once.push(own),
                }
            }
            if !left_out.is_empty() {
                once.append(&mut self.add_defaults(close, left_out));
            }
        }
        Ok(once)
    }

    /// Whether a renamed column is named in these bytes, outside of the queries in them: also in an
    /// expression whose parts are not known.
    fn reads_renamed(&self, bytes: &Range<usize>) -> bool {
        let (mut at, mut depth, mut query) = (self.text.after(bytes.start), 0_usize, None);
        while at < self.text.tokens().len() && self.text.place(at).start < bytes.end {
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
    fn add_defaults(&mut self, close: usize, left_out: &[&MappedColumn]) -> Vec<Once> {
        let bytes = self.text.place(close);
        let defaults = left_out.iter().filter_map(|pair| Some((pair, pair.sent_default()?)));
        if self.dialect != Dialect::Mysql {
            let at = bytes.start..bytes.start;
            let once = |(_, default): (_, &ComputedDefault)| Once {
                bytes: at.clone(),
                value: Piece::New(format!("({})", default.sql)),
                around: (", ".to_owned(), ""),
            };
            return defaults.map(once).collect();
        }
        let added: Vec<_> = defaults
            .map(|(pair, default)| format!(", ({}), {}", default.sql, self.first(pair)))
            .collect();
        let pieces = vec![Piece::New(added.concat()), Piece::Copy(bytes.clone())];
        self.edits.replace(bytes, pieces);
        Vec::new()
    }

    /// The column of a pair that is set first.
    pub(crate) fn first(&self, pair: &MappedColumn) -> String {
        self.dialect.quote(pair.written().next().unwrap_or_else(|| pair.read()))
    }
}
