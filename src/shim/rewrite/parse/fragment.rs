//! Parses a part of the text again, to find where a node ends whose span the parser does not keep.

use std::ops::Range;

use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use crate::shim::rewrite::grammar;
use crate::shim::rewrite::source::Text;

impl Text<'_> {
    /// Parses from a token on, in a part of the text; gives the tokens that were used. The way to
    /// learn where a node ends whose span the parser does not keep.
    pub(crate) fn parse<T>(
        &self,
        from: usize,
        until: usize,
        parse: impl FnOnce(&mut Parser<'static>) -> Result<T, ParserError>,
    ) -> Option<(T, Range<usize>)> {
        let mut from = self.next(from);
        while self.masked.get(from).is_some_and(|t| matches!(t.token, Token::Whitespace(_))) {
            from += 1;
        }
        let part = self.masked.get(from..until.min(self.masked.len()))?.to_vec();
        let mut parser =
            Parser::new(grammar::grammar(self.dialect)).with_tokens_with_locations(part);
        let node = parse(&mut parser).ok()?;
        let end = self.trimmed(from, (from + parser.index()).min(self.tokens().len()));
        Some((node, from..end))
    }
}
