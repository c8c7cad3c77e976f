use std::collections::VecDeque;

use sqlparser::ast::Expr;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::shim::rewrite::source::text::Text;

/// What `ON CONFLICT (…) WHERE …` names, where the parser knows only lists of columns.
#[derive(Debug, Clone)]
pub(crate) struct Arbiter {
    pub(crate) elements: Vec<Expr>,
    pub(crate) predicate: Option<Expr>,
}

/// For each `ON CONFLICT` in order, the target that was taken out.
pub(crate) type Arbiters = VecDeque<Option<Arbiter>>;

/// The tokens for the parser, without those conflict targets that it does not know. The text keeps
/// them, and so do the other tokens their places.
pub(super) fn without_arbiters(text: &Text<'_>) -> (Vec<TokenWithSpan>, Arbiters) {
    let mut tokens = text.masked.clone();
    let mut arbiters = Arbiters::new();
    for at in 0..tokens.len() {
        if !is(text, at, Keyword::CONFLICT) || !is(text, before(text, at), Keyword::ON) {
            continue;
        }
        let open = text.next(at + 1);
        if text.is(open, &Token::LParen) {
            let found = text.parse(open, text.tokens().len(), arbiter);
            let taken = found.filter(|((_, simple), _)| !simple);
            arbiters.push_back(taken.map(|((arbiter, _), range)| {
                for token in &mut tokens[range] {
                    token.token = Token::Whitespace(Whitespace::Space);
                }
                arbiter
            }));
        } else if is(text, open, Keyword::DO) || is(text, open, Keyword::ON) {
            arbiters.push_back(None);
        }
    }
    (tokens, arbiters)
}

/// Parses `(…) [WHERE …]`; also whether it is a list of columns, which the parser knows.
fn arbiter(
    parser: &mut Parser<'static>,
) -> Result<(Arbiter, bool), sqlparser::parser::ParserError> {
    parser.expect_token(&Token::LParen)?;
    let elements = parser.parse_comma_separated(Parser::parse_expr)?;
    parser.expect_token(&Token::RParen)?;
    let predicate =
        if parser.parse_keyword(Keyword::WHERE) { Some(parser.parse_expr()?) } else { None };
    let simple = predicate.is_none() && elements.iter().all(|e| matches!(e, Expr::Identifier(_)));
    Ok((Arbiter { elements, predicate }, simple))
}

fn is(text: &Text<'_>, at: usize, keyword: Keyword) -> bool {
    matches!(text.tokens().get(at).map(|token| &token.token),
        Some(Token::Word(word)) if word.keyword == keyword && word.quote_style.is_none())
}

fn before(text: &Text<'_>, at: usize) -> usize {
    text.trimmed(0, at).saturating_sub(1)
}
