use std::ops::Range;

use sqlparser::ast::Statement;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::conflict_target::{Arbiters, without_arbiters};
use super::maintenance::is_maintenance;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::grammar;
use crate::shim::rewrite::rewriter::Done;
use crate::shim::rewrite::source::text::Text;

/// A statement, `None` where it need not be read, and its tokens.
type Parsed = (Option<Statement>, Range<usize>);

/// The statements of a text.
pub(crate) fn parse(text: &Text<'_>) -> Done<(Vec<Parsed>, Arbiters)> {
    let (tokens, arbiters) = without_arbiters(text);
    let mut parser = Parser::new(grammar::grammar(text.dialect)).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok((statements, arbiters));
        }
        let start = text.next(parser.index());
        let statement = if is_maintenance(text, start) {
            while !matches!(parser.peek_token_ref().token, Token::EOF | Token::SemiColon) {
                parser.next_token();
            }
            None
        } else {
            Some(parser.parse_statement().map_err(|error| parse_error(&error))?)
        };
        let end = parser.index().min(text.tokens().len());
        if !matches!(parser.peek_token_ref().token, Token::EOF | Token::SemiColon) {
            let at = parser.peek_token_ref().span.start;
            let reason = format!("expected the end of the statement{at}");
            return Err(RewriteError::Parse { sql: String::new(), reason });
        }
        statements.push((statement, start..text.trimmed(start, end)));
    }
}

/// What the parser expected and where, without what it found: that may be a literal.
fn parse_error(error: &ParserError) -> RewriteError {
    let reason = match error {
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            let expected = message
                .split_once(", found: ")
                .and_then(|(expected, _)| expected.strip_prefix("Expected: "));
            let place = message.rfind(" at Line: ").map_or("", |at| &message[at..]);
            format!("expected {}{place}", expected.unwrap_or("something else"))
        }
    };
    RewriteError::Parse { sql: String::new(), reason }
}
