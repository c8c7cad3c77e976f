//! Finds the byte range of each item of a projection, which the parser does not keep.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! SELECT lower(handle), id FROM users
//! -- becomes
//! SELECT lower(`username`) AS `lower(handle)`, id FROM users
//! ```

use std::ops::Range;

use sqlparser::ast::{Expr, Select, SelectItem, Spanned};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// The items of a projection, and where to look for their text.
pub(crate) struct Items<'i> {
    pub(crate) items: &'i [SelectItem],
    /// The `SELECT`; without one the items follow `RETURNING`.
    select: Option<&'i Select>,
}

impl<'i> Items<'i> {
    pub(crate) fn of_select(select: &'i Select) -> Self {
        Self { items: &select.projection, select: Some(select) }
    }

    pub(crate) fn of_returning(items: &'i [SelectItem]) -> Self {
        Self { items, select: None }
    }
}

impl Rewriter<'_> {
    /// The bytes of an item that is nothing but a column's name.
    pub(super) fn name_item_range(&self, item: &SelectItem) -> Option<Range<usize>> {
        let range = match item {
            SelectItem::UnnamedExpr(Expr::Identifier(ident)) => self.idents_range(&[ident]),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                self.idents_range(&parts.iter().collect::<Vec<_>>())
            }
            _ => return None,
        };
        (!range.is_empty()).then_some(range)
    }

    /// The bytes of each item, which the parser does not keep: the items are parsed once more.
    pub(crate) fn item_ranges(&self, items: &Items<'_>) -> Result<Vec<Range<usize>>> {
        let found = match items.select {
            Some(select) => {
                let start = self.text.token_at(select.select_token.0.span);
                start.and_then(|start| self.items_after(start, items.items, true))
            }
            None => (0..self.text.tokens().len())
                .rev()
                .filter(|at| self.is_keyword(*at, Keyword::RETURNING))
                .find_map(|start| self.items_after(start, items.items, false)),
        };
        found.ok_or_else(|| RewriteError::misplaced("the projection"))
    }

    /// Returns true if it is one of the words that MySQL allows between `SELECT` and what is selected.
    fn is_modifier(&self, at: usize) -> bool {
        let modifiers = [
            "ALL",
            "DISTINCT",
            "DISTINCTROW",
            "HIGH_PRIORITY",
            "STRAIGHT_JOIN",
            "SQL_SMALL_RESULT",
            "SQL_BIG_RESULT",
            "SQL_BUFFER_RESULT",
            "SQL_CACHE",
            "SQL_NO_CACHE",
            "SQL_CALC_FOUND_ROWS",
        ];
        self.dialect == Dialect::MariaDb
            && self.text.tokens().get(at).is_some_and(|token| {
                matches!(&token.token, Token::Word(word) if word.quote_style.is_none()
                    && modifiers.iter().any(|own| word.value.eq_ignore_ascii_case(own)))
            })
    }

    /// The bytes of the items behind a keyword, where they are just these items, at these spans.
    fn items_after(
        &self,
        keyword: usize,
        items: &[SelectItem],
        select: bool,
    ) -> Option<Vec<Range<usize>>> {
        let mut start = self.text.next(keyword + 1);
        while select && self.is_modifier(start) {
            start = self.text.next(start + 1);
        }
        let mut ranges = Vec::with_capacity(items.len());
        let parse = |parser: &mut Parser<'static>| {
            if select {
                parser.parse_all_or_distinct()?;
            }
            let mut parsed = Vec::with_capacity(items.len());
            loop {
                let first = start + parser.index();
                parsed.push(parser.parse_select_item()?);
                ranges.push((first, start + parser.index()));
                if parsed.len() == items.len() || !parser.consume_token(&Token::Comma) {
                    return Ok(parsed);
                }
            }
        };
        let (parsed, _) = self.text.parse(start, self.text.tokens().len(), parse)?;
        let same = parsed.len() == items.len()
            && parsed.iter().zip(items).all(|(a, b)| a == b && a.span() == b.span());
        let bytes = |(first, end): (usize, usize)| {
            let first = self.text.next(first);
            self.text.range_of(first..self.text.trimmed(first, end))
        };
        same.then(|| ranges.into_iter().map(bytes).collect())
    }
}
