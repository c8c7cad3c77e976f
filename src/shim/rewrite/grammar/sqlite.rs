//! SQLite's grammar: the parser's, and `a IS b`, `a << b`, `a IN table`, `a NOT GLOB b`, `INSERT INTO
//! table AS alias`.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! SELECT id FROM users WHERE handle IS email
//! -- becomes
//! SELECT id FROM users WHERE `username` IS email
//! ```

use sqlparser::ast::{BinaryOperator, Expr, Statement, UnaryOperator};
use sqlparser::dialect::{Dialect as Grammar, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::column_alias::may_be_alias;
use crate::Dialect;

/// SQLite as the parser knows it, and what it does not: `a IS b` for any `b` and `a << b`, which
/// sea-query emits, `INSERT INTO table AS alias`, `a IN table`, and `a NOT GLOB b`, `a NOT MATCH b` and
/// `a NOT REGEXP b`.
#[derive(Debug)]
pub(super) struct SqliteGrammar;

const SQLITE: SQLiteDialect = SQLiteDialect {};

impl Grammar for SqliteGrammar {
    fn supports_insert_table_alias(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        left: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        if let Some(negated) = is_in_table(parser) {
            if negated {
                parser.next_token();
            }
            parser.next_token();
            return Some(parser.parse_object_name(false).map(|_| {
                let (expr, list) = (Box::new(left.clone()), Vec::new());
                Expr::InList { expr, list, negated }
            }));
        }
        if let Some(op) = negated_operator(parser) {
            parser.next_token();
            parser.next_token();
            let right = parser.parse_subexpr(precedence);
            return Some(right.map(|right| {
                let (left, right) = (Box::new(left.clone()), Box::new(right));
                let expr = Box::new(Expr::BinaryOp { left, op, right });
                Expr::UnaryOp { op: UnaryOperator::Not, expr }
            }));
        }
        let Some(negated) = is_operator(parser) else {
            return SQLITE.parse_infix(parser, left, precedence);
        };
        parser.next_token();
        let op = if negated {
            parser.next_token();
            BinaryOperator::NotEq
        } else {
            BinaryOperator::Eq
        };
        let right = parser.parse_subexpr(precedence);
        Some(right.map(|right| {
            let (left, right) = (Box::new(left.clone()), Box::new(right));
            Expr::BinaryOp { left, op, right }
        }))
    }

    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser<'_>) -> bool {
        may_be_alias(Dialect::Sqlite, *keyword) && SQLITE.is_column_alias(keyword, parser)
    }

    delegate! {
        SQLITE;
        {
            supports_filter_during_aggregation
            supports_start_transaction_modifier
            supports_in_empty_list
            supports_limit_comma
            supports_asc_desc_in_column_definition
            supports_dollar_placeholder
            supports_notnull_operator
            supports_comma_separated_trim
            supports_numeric_literal_underscores
        }
        fn identifier_quote_style(identifier: &str) -> Option<char>;
        fn is_delimited_identifier_start(ch: char) -> bool;
        fn is_identifier_start(ch: char) -> bool;
        fn is_identifier_part(ch: char) -> bool;
        fn parse_statement(parser: &mut Parser<'_>) -> Option<Result<Statement, ParserError>>;
    }
}

/// Finds `IN table` (false) or `NOT IN table` (true) as the next tokens. A renamed table there is not understood,
/// and so refused.
fn is_in_table(parser: &Parser<'_>) -> Option<bool> {
    let negated = keyword(parser, 0) == Some(Keyword::NOT);
    let word = usize::from(negated);
    if keyword(parser, word) != Some(Keyword::IN) {
        return None;
    }
    matches!(parser.peek_nth_token_ref(word + 1).token, Token::Word(_)).then_some(negated)
}

/// Finds `NOT GLOB`, `NOT MATCH` or `NOT REGEXP` as the next tokens.
fn negated_operator(parser: &Parser<'_>) -> Option<BinaryOperator> {
    if keyword(parser, 0) != Some(Keyword::NOT) {
        return None;
    }
    match keyword(parser, 1)? {
        Keyword::GLOB => Some(BinaryOperator::Glob),
        Keyword::MATCH => Some(BinaryOperator::Match),
        Keyword::REGEXP => Some(BinaryOperator::Regexp),
        _ => None,
    }
}

/// Finds `IS` (false) or `IS NOT` (true) as the next tokens, an operator between two expressions.
fn is_operator(parser: &Parser<'_>) -> Option<bool> {
    if keyword(parser, 0) != Some(Keyword::IS) {
        return None;
    }
    let negated = keyword(parser, 1) == Some(Keyword::NOT);
    let own = [Keyword::NULL, Keyword::TRUE, Keyword::FALSE, Keyword::DISTINCT];
    let next = keyword(parser, if negated { 2 } else { 1 });
    (!next.is_some_and(|next| own.contains(&next))).then_some(negated)
}

fn keyword(parser: &Parser<'_>, nth: usize) -> Option<Keyword> {
    match &parser.peek_nth_token_ref(nth).token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.keyword),
        _ => None,
    }
}
