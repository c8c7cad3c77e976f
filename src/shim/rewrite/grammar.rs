use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, Expr, Statement};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use crate::Dialect;

/// The parser's rules for a dialect.
pub(super) fn grammar(dialect: Dialect) -> &'static dyn Grammar {
    match dialect {
        Dialect::Sqlite => &SqliteGrammar,
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql => &MySqlDialect {},
    }
}

/// SQLite as the parser knows it, and three things that it does not: `a IS b` for any `b` and
/// `a << b`, which sea-query emits, and `INSERT INTO table AS alias`.
#[derive(Debug)]
struct SqliteGrammar;

const SQLITE: SQLiteDialect = SQLiteDialect {};

impl Grammar for SqliteGrammar {
    fn dialect(&self) -> TypeId {
        SQLITE.dialect()
    }

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

    fn parse_statement(&self, parser: &mut Parser<'_>) -> Option<Result<Statement, ParserError>> {
        SQLITE.parse_statement(parser)
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        SQLITE.is_delimited_identifier_start(ch)
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        SQLITE.identifier_quote_style(identifier)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        SQLITE.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        SQLITE.is_identifier_part(ch)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        SQLITE.supports_filter_during_aggregation()
    }

    fn supports_start_transaction_modifier(&self) -> bool {
        SQLITE.supports_start_transaction_modifier()
    }

    fn supports_in_empty_list(&self) -> bool {
        SQLITE.supports_in_empty_list()
    }

    fn supports_limit_comma(&self) -> bool {
        SQLITE.supports_limit_comma()
    }

    fn supports_asc_desc_in_column_definition(&self) -> bool {
        SQLITE.supports_asc_desc_in_column_definition()
    }

    fn supports_dollar_placeholder(&self) -> bool {
        SQLITE.supports_dollar_placeholder()
    }

    fn supports_notnull_operator(&self) -> bool {
        SQLITE.supports_notnull_operator()
    }

    fn supports_comma_separated_trim(&self) -> bool {
        SQLITE.supports_comma_separated_trim()
    }

    fn supports_numeric_literal_underscores(&self) -> bool {
        SQLITE.supports_numeric_literal_underscores()
    }
}

/// Whether `IS` comes next, or `IS NOT` (true), as an operator between two expressions.
fn is_operator(parser: &Parser<'_>) -> Option<bool> {
    let keyword = |nth| match parser.peek_nth_token(nth).token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.keyword),
        _ => None,
    };
    if keyword(0) != Some(Keyword::IS) {
        return None;
    }
    let negated = keyword(1) == Some(Keyword::NOT);
    let own = [Keyword::NULL, Keyword::TRUE, Keyword::FALSE, Keyword::DISTINCT];
    let next = keyword(if negated { 2 } else { 1 });
    (!next.is_some_and(|next| own.contains(&next))).then_some(negated)
}
