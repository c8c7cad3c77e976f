//! A statement's text, its tokens, and the byte range of each token.

use std::ops::Range;

use sqlparser::ast::Ident;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer};

use crate::Dialect;
use crate::shim::rewrite::grammar;
use crate::shim::rewrite::{Result, RewriteError};

/// A statement's text, its tokens, and where each token is in the text.
pub(crate) struct Text<'a> {
    pub(crate) sql: &'a str,
    pub(crate) dialect: Dialect,
    tokens: Vec<TokenWithSpan>,
    /// The tokens for the parser: with spacing for words that it does not know.
    pub(crate) masked: Vec<TokenWithSpan>,
    /// The bytes of each token.
    ranges: Vec<Range<usize>>,
}

/// Walks the text in step with the tokenizer's count of lines and characters.
struct Cursor<'a> {
    rest: std::str::Chars<'a>,
    line: u64,
    column: u64,
    byte: usize,
}

impl Cursor<'_> {
    fn is_at(&self, location: Location) -> bool {
        (self.line, self.column) == (location.line, location.column)
    }

    /// Goes to a position; false where the text ends before it.
    fn advance(&mut self, to: Location) -> bool {
        while (self.line, self.column) < (to.line, to.column) {
            let Some(c) = self.rest.next() else { return false };
            self.byte += c.len_utf8();
            if c == '\n' {
                (self.line, self.column) = (self.line + 1, 1);
            } else {
                self.column += 1;
            }
        }
        self.is_at(to)
    }
}

impl<'a> Text<'a> {
    /// Takes the text apart. The tokens must cover it without a gap, or no byte range can be trusted.
    pub(crate) fn new(sql: &'a str, dialect: Dialect) -> Result<Self> {
        let tokens = Tokenizer::new(grammar::grammar(dialect), sql)
            .tokenize_with_location()
            .map_err(|error| RewriteError::Parse {
                sql: String::new(),
                reason: format!("{}{}", error.message, error.location),
            })?;
        let mut cursor = Cursor { rest: sql.chars(), line: 1, column: 1, byte: 0 };
        let mut ranges = Vec::with_capacity(tokens.len());
        for token in &tokens {
            let start = cursor.byte;
            let begins = cursor.is_at(token.span.start);
            if !begins || !cursor.advance(token.span.end) {
                return Err(RewriteError::misplaced(token.token.to_string()));
            }
            ranges.push(start..cursor.byte);
        }
        if cursor.byte != sql.len() {
            return Err(RewriteError::misplaced("the end of the text"));
        }
        let masked = tokens.clone();
        Ok(Self { sql, dialect, tokens, masked, ranges })
    }

    pub(crate) fn tokens(&self) -> &[TokenWithSpan] {
        &self.tokens
    }

    /// The bytes of a token.
    pub(crate) fn range(&self, token: usize) -> Range<usize> {
        self.ranges.get(token).cloned().unwrap_or(self.sql.len()..self.sql.len())
    }

    /// The bytes from the first of these tokens to the last.
    pub(crate) fn range_of(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.range(tokens.start).start;
        start..self.range(tokens.end.saturating_sub(1)).end.max(start)
    }

    /// The first token that begins at or after a byte.
    pub(crate) fn after(&self, byte: usize) -> usize {
        self.ranges.partition_point(|range| range.start < byte)
    }

    /// The token that begins at a span of the parser's.
    pub(crate) fn token_at(&self, span: Span) -> Option<usize> {
        let at = |token: &TokenWithSpan| (token.span.start.line, token.span.start.column);
        self.tokens.binary_search_by_key(&(span.start.line, span.start.column), at).ok()
    }

    /// The token of an identifier; an error where the text there is not that identifier.
    pub(crate) fn ident(&self, ident: &Ident) -> Result<usize> {
        let misplaced = || RewriteError::misplaced(ident.to_string());
        let at = self.token_at(ident.span).ok_or_else(misplaced)?;
        let raw = &self.sql[self.range(at)];
        let fits = match &self.tokens[at].token {
            Token::Word(word) => {
                word.value == ident.value
                    && match ident.quote_style {
                        None => raw == ident.value,
                        Some(quote) => raw.starts_with(quote),
                    }
            }
            Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => {
                *text == ident.value && ident.quote_style.is_some_and(|q| raw.starts_with(q))
            }
            _ => false,
        };
        if fits { Ok(at) } else { Err(misplaced()) }
    }

    /// Returns true if a token is spacing or a comment.
    fn is_space(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|t| matches!(t.token, Token::Whitespace(_)))
    }

    /// The first token from `token` on that is no spacing.
    pub(crate) fn next(&self, mut token: usize) -> usize {
        while self.is_space(token) {
            token += 1;
        }
        token
    }

    /// The three tokens that come next behind a byte, without spacing.
    pub(crate) fn three_tokens_behind(&self, end: usize) -> [usize; 3] {
        let first = self.next(self.after(end));
        let second = self.next(first + 1);
        [first, second, self.next(second + 1)]
    }

    /// One past the last token before `end` that is no spacing.
    pub(crate) fn trimmed(&self, start: usize, mut end: usize) -> usize {
        while end > start && self.is_space(end - 1) {
            end -= 1;
        }
        end
    }

    /// The token that closes the parenthesis which this one opens.
    pub(crate) fn closing_paren(&self, open: usize) -> Result<usize> {
        let mut depth = 0_usize;
        for (at, found) in self.tokens.iter().enumerate().skip(open) {
            match found.token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 1 => return Ok(at),
                Token::RParen => depth -= 1,
                _ => {}
            }
        }
        Err(RewriteError::misplaced("a list of columns"))
    }

    /// Returns true if a token is this one.
    pub(crate) fn is(&self, at: usize, token: &Token) -> bool {
        self.tokens.get(at).is_some_and(|t| t.token == *token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_in_multi_byte_and_multi_line_text() {
        for newline in ["\n", "\r\n", "\r", "\t"] {
            let sql = format!("SELECT 'é😀',{newline}/* ü{newline}*/ \"naïve\" FROM{newline}ツ");
            for dialect in [Dialect::Postgres, Dialect::Sqlite] {
                let text = Text::new(&sql, dialect).unwrap();
                let words: Vec<_> = (0..text.tokens().len())
                    .filter(|at| matches!(text.tokens()[*at].token, Token::Word(_)))
                    .map(|at| &sql[text.range(at)])
                    .collect();
                assert_eq!(words, ["SELECT", "\"naïve\"", "FROM", "ツ"], "{sql:?}");
            }
        }
    }

    #[test]
    fn an_identifier_elsewhere_is_an_error() {
        let text = Text::new("SELECT a", Dialect::Postgres).unwrap();
        let mut ident = Ident::new("a");
        assert!(text.ident(&ident).is_err());
        ident.span = text.tokens()[2].span;
        assert_eq!(text.ident(&ident), Ok(2));
        ident.value = "b".to_owned();
        assert!(text.ident(&ident).is_err());
    }
}
