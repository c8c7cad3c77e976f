use std::ops::Range;

use sqlparser::ast::{Expr, Values};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::duplicate;
use super::edit::Piece;
use super::error::RewriteError;
use super::once::Once;
use super::rewriter::{Done, Rewriter};
use crate::Dialect;
use crate::model::ComputedDefault;
use crate::shim::mapping::MappedColumn;

/// A column of an insert that is written twice.
#[derive(Clone, Copy)]
pub(super) struct Twice<'m> {
    /// Its position in the rows.
    pub(super) at: usize,
    pub(super) pair: &'m MappedColumn,
}

impl Rewriter<'_> {
    /// Doubles the values of some columns in every row, and adds the defaults of those that are
    /// left out; gives those that differ each time they are computed, which are left as they are.
    pub(super) fn duplicate_in_rows(
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
                    && (duplicate::names(value, &|i| self.is_mapped_column(&self.fold(i)))
                        || self.reads_renamed(&bytes))
                {
                    return Err(RewriteError::unsupported("VALUES that read a renamed column"));
                }
                let mut own = Once::of(bytes);
                match Self::default_of(pair, value) {
                    Some(default) => own.value = default,
                    None if duplicate::duplicable(value) => {
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
    pub(super) fn first(&self, pair: &MappedColumn) -> String {
        self.dialect.quote(pair.written().next().unwrap_or_else(|| pair.read()))
    }

    pub(super) fn duplicate_bytes(&mut self, bytes: &Range<usize>) {
        let copy = Piece::Copy(bytes.clone());
        let pieces = vec![copy.clone(), Piece::New(", ".to_owned()), copy];
        self.edits.replace(bytes.clone(), pieces);
    }

    /// The bytes of each element of a list in parentheses, of which there must be `count`.
    pub(super) fn elements(&self, list: Range<usize>, count: usize) -> Done<Vec<Range<usize>>> {
        let misplaced = || RewriteError::misplaced("a list of values");
        let tokens = self.text.tokens();
        let first = self.text.after(list.start);
        if !self.text.is(first, &Token::LParen) {
            return Err(misplaced());
        }
        let mut elements = Vec::with_capacity(count);
        let (mut depth, mut start, mut at) = (0_usize, first + 1, first + 1);
        loop {
            match tokens.get(at).map(|token| &token.token) {
                Some(Token::LParen | Token::LBracket | Token::LBrace) => depth += 1,
                Some(Token::RParen) if depth == 0 => break,
                Some(Token::RParen | Token::RBracket | Token::RBrace) => {
                    depth = depth.checked_sub(1).ok_or_else(misplaced)?;
                }
                Some(Token::Comma) if depth == 0 => {
                    elements.push((start, at));
                    start = at + 1;
                }
                Some(_) => {}
                None => return Err(misplaced()),
            }
            at += 1;
        }
        elements.push((start, at));
        if elements.len() != count || self.text.place(at).end != list.end {
            return Err(misplaced());
        }
        let bytes = |(start, end)| {
            let start = self.text.next(start);
            self.text.places(start..self.text.trimmed(start, end))
        };
        Ok(elements.into_iter().map(bytes).collect())
    }
}

fn element<'e>(
    elements: &[Range<usize>],
    values: &'e [Expr],
    at: usize,
) -> Done<(Range<usize>, &'e Expr)> {
    match (elements.get(at), values.get(at)) {
        (Some(bytes), Some(value)) => Ok((bytes.clone(), value)),
        _ => Err(RewriteError::unsupported("fewer values than columns")),
    }
}
