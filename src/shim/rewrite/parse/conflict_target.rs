//! Conflict targets that the parser does not know: it reads only lists of columns.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (id) VALUES (1) ON CONFLICT (lower(handle)) DO NOTHING
//! -- becomes
//! INSERT INTO users (id) VALUES (1) ON CONFLICT (lower("username")) DO NOTHING
//! ```

use std::collections::VecDeque;

use sqlparser::ast::Expr;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::shim::rewrite::source::Text;

/// The expressions that `ON CONFLICT (…) WHERE …` names, where the parser knows only lists of columns.
#[derive(Debug, Clone)]
pub(crate) struct InferenceClause {
    pub(crate) expressions: Vec<Expr>,
    pub(crate) predicate: Option<Expr>,
}

/// For each `ON CONFLICT` in order, the target that was taken out.
pub(crate) type InferenceClauses = VecDeque<Option<InferenceClause>>;

/// The tokens for the parser, without those conflict targets that it does not know. The text keeps
/// them, and the other tokens keep their spans.
pub(super) fn take_inference_clauses(text: &Text<'_>) -> (Vec<TokenWithSpan>, InferenceClauses) {
    let mut tokens = text.masked.clone();
    let mut inference_clauses = InferenceClauses::new();
    for at in 0..tokens.len() {
        if !is(text, at, Keyword::CONFLICT) || !is(text, before(text, at), Keyword::ON) {
            continue;
        }
        let open = text.next(at + 1);
        if text.is(open, &Token::LParen) {
            let found = text.parse(open, text.tokens().len(), parse_inference_clause);
            let taken = found.filter(|((_, simple), _)| !simple);
            inference_clauses.push_back(taken.map(|((clause, _), range)| {
                for token in &mut tokens[range] {
                    token.token = Token::Whitespace(Whitespace::Space);
                }
                clause
            }));
        } else if is(text, open, Keyword::DO) || is(text, open, Keyword::ON) {
            inference_clauses.push_back(None);
        }
    }
    (tokens, inference_clauses)
}

/// Parses `(…) [WHERE …]`; also whether it is a list of columns, which the parser knows.
fn parse_inference_clause(
    parser: &mut Parser<'static>,
) -> Result<(InferenceClause, bool), sqlparser::parser::ParserError> {
    parser.expect_token(&Token::LParen)?;
    let expressions = parser.parse_comma_separated(Parser::parse_expr)?;
    parser.expect_token(&Token::RParen)?;
    let predicate =
        if parser.parse_keyword(Keyword::WHERE) { Some(parser.parse_expr()?) } else { None };
    let simple =
        predicate.is_none() && expressions.iter().all(|e| matches!(e, Expr::Identifier(_)));
    Ok((InferenceClause { expressions, predicate }, simple))
}

fn is(text: &Text<'_>, at: usize, keyword: Keyword) -> bool {
    matches!(text.tokens().get(at).map(|token| &token.token),
        Some(Token::Word(word)) if word.keyword == keyword && word.quote_style.is_none())
}

fn before(text: &Text<'_>, at: usize) -> usize {
    text.trimmed(0, at).saturating_sub(1)
}
