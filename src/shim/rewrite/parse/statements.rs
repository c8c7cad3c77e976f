//! Parses the statements of a text.

use std::ops::Range;

use sqlparser::ast::Statement;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::conflict_target::{InferenceClauses, take_inference_clauses};
use super::maintenance::is_maintenance;
use crate::shim::rewrite::grammar;
use crate::shim::rewrite::source::Text;
use crate::shim::rewrite::{Result, RewriteError};

/// A text that has been parsed.
pub(crate) struct ParsedText {
    pub(crate) statements: Vec<ParsedStatement>,
    /// The conflict targets that were hidden from the parser.
    pub(crate) inference_clauses: InferenceClauses,
}

/// One statement of a text.
pub(crate) struct ParsedStatement {
    /// The syntax tree; `None` for a maintenance statement, which is not parsed.
    pub(crate) tree: Option<Statement>,
    /// Its tokens, counted in the text.
    pub(crate) tokens: Range<usize>,
}

/// Parses the statements of a text.
pub(crate) fn parse(text: &Text<'_>) -> Result<ParsedText> {
    let (tokens, inference_clauses) = take_inference_clauses(text);
    let mut parser = Parser::new(grammar::grammar(text.dialect)).with_tokens_with_locations(tokens);
    let mut statements = Vec::new();
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok(ParsedText { statements, inference_clauses });
        }
        let start = text.next(parser.index());
        let tree = if is_maintenance(text, start) {
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
        statements.push(ParsedStatement { tree, tokens: start..text.trimmed(start, end) });
    }
}

/// Says what the parser expected and where, but not what it found: that may be a literal.
fn parse_error(error: &ParserError) -> RewriteError {
    let reason = match error {
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            let expected = message
                .split_once(", found: ")
                .and_then(|(expected, _)| expected.strip_prefix("Expected: "));
            let position = message.rfind(" at Line: ").map_or("", |at| &message[at..]);
            format!("expected {}{position}", expected.unwrap_or("something else"))
        }
    };
    RewriteError::Parse { sql: String::new(), reason }
}
