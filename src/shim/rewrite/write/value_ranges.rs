//! Finds the byte range of each item in a list in parentheses.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (handle) VALUES (concat($1, ','))
//! -- becomes
//! INSERT INTO users ("handle", "username") VALUES (concat($1, ','), concat($1, ','))
//! ```

use std::ops::Range;

use sqlparser::ast::Expr;
use sqlparser::tokenizer::Token;

use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// The bytes of each element of a list in parentheses, of which there must be `count`.
    pub(super) fn list_item_ranges(
        &self,
        list: Range<usize>,
        count: usize,
    ) -> Result<Vec<Range<usize>>> {
        let misplaced = || RewriteError::misplaced("a list of values");
        let tokens = self.text.tokens();
        let first = self.text.after(list.start);
        if !self.text.is(first, &Token::LParen) {
            return Err(misplaced());
        }
        let mut items = Vec::with_capacity(count);
        let (mut depth, mut start, mut at) = (0_usize, first + 1, first + 1);
        loop {
            match tokens.get(at).map(|token| &token.token) {
                Some(Token::LParen | Token::LBracket | Token::LBrace) => depth += 1,
                Some(Token::RParen) if depth == 0 => break,
                Some(Token::RParen | Token::RBracket | Token::RBrace) => {
                    depth = depth.checked_sub(1).ok_or_else(misplaced)?;
                }
                Some(Token::Comma) if depth == 0 => {
                    items.push((start, at));
                    start = at + 1;
                }
                Some(_) => {}
                None => return Err(misplaced()),
            }
            at += 1;
        }
        items.push((start, at));
        if items.len() != count || self.text.range(at).end != list.end {
            return Err(misplaced());
        }
        let bytes = |(start, end)| {
            let start = self.text.next(start);
            self.text.range_of(start..self.text.trimmed(start, end))
        };
        Ok(items.into_iter().map(bytes).collect())
    }
}

pub(super) fn list_item<'e>(
    items: &[Range<usize>],
    values: &'e [Expr],
    at: usize,
) -> Result<(Range<usize>, &'e Expr)> {
    match (items.get(at), values.get(at)) {
        (Some(bytes), Some(value)) => Ok((bytes.clone(), value)),
        _ => Err(RewriteError::unsupported("fewer values than columns")),
    }
}
