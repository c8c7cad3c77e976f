//! MariaDB's grammar: the parser's, and `!a`, `a MOD b`, `a SOUNDS LIKE b`.
//!
//! Given in `dual_write` on MariaDB:
//!
//! ```sql
//! SELECT id MOD 2 FROM users WHERE !(handle SOUNDS LIKE 'a')
//! -- becomes
//! SELECT id MOD 2 FROM users WHERE !(`username` SOUNDS LIKE 'a')
//! ```

use sqlparser::ast::{BinaryOperator, Expr, Statement, UnaryOperator};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::column_alias::may_be_alias;
use crate::Dialect;

/// MariaDB as the parser knows it, and what it does not: `!a`, `a MOD b` and `a SOUNDS LIKE b`.
#[derive(Debug)]
pub(super) struct MariaDbGrammar;

const MYSQL: MySqlDialect = MySqlDialect {};

impl Grammar for MariaDbGrammar {
    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser<'_>) -> bool {
        may_be_alias(Dialect::MariaDb, *keyword) && MYSQL.is_column_alias(keyword, parser)
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        let (of, _) = infix(parser)?;
        Some(Ok(self.prec_value(of)))
    }

    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        if parser.peek_token_ref().token != Token::ExclamationMark {
            return None;
        }
        parser.next_token();
        let expr = parser.parse_subexpr(self.prec_value(Precedence::MulDivModOp));
        Some(expr.map(|expr| Expr::UnaryOp { op: UnaryOperator::BangNot, expr: Box::new(expr) }))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        left: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let Some((_, words)) = infix(parser) else {
            return MYSQL.parse_infix(parser, left, precedence);
        };
        for _ in 0..words {
            parser.next_token();
        }
        let op = if words == 1 { BinaryOperator::Modulo } else { BinaryOperator::Eq };
        Some(parser.parse_subexpr(precedence).map(|right| {
            let (left, right) = (Box::new(left.clone()), Box::new(right));
            Expr::BinaryOp { left, op, right }
        }))
    }

    delegate! {
        MYSQL;
        {
            supports_string_literal_backslash_escape
            supports_string_literal_concatenation
            ignores_wildcard_escapes
            supports_numeric_prefix
            supports_bitwise_shift_operators
            supports_multiline_comment_hints
            require_interval_qualifier
            supports_limit_comma
            supports_create_table_select
            supports_insert_set
            supports_user_host_grantee
            supports_table_hints
            requires_single_line_comment_whitespace
            supports_match_against
            supports_select_modifiers
            supports_set_names
            supports_comma_separated_set_assignments
            supports_update_order_by
            supports_data_type_signed_suffix
            supports_cross_join_constraint
            supports_double_ampersand_operator
            supports_binary_kw_as_cast
            supports_comment_optimizer_hint
            supports_constraint_keyword_without_name
            supports_key_column_option
            supports_group_by_with_modifier
            supports_left_associative_joins_without_parens
        }
        fn identifier_quote_style(identifier: &str) -> Option<char>;
        fn is_delimited_identifier_start(ch: char) -> bool;
        fn is_identifier_start(ch: char) -> bool;
        fn is_identifier_part(ch: char) -> bool;
        fn is_table_factor_alias(explicit: bool, keyword: &Keyword, parser: &mut Parser<'_>) -> bool;
        fn parse_statement(parser: &mut Parser<'_>) -> Option<Result<Statement, ParserError>>;
    }
}

/// An operator of words that comes next: how it binds, and how many words it has.
fn infix(parser: &Parser<'_>) -> Option<(Precedence, usize)> {
    let is = |nth, word: &str| match &parser.peek_nth_token_ref(nth).token {
        Token::Word(found) => found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word),
        _ => false,
    };
    if is(0, "MOD") {
        return Some((Precedence::MulDivModOp, 1));
    }
    (is(0, "SOUNDS") && is(1, "LIKE")).then_some((Precedence::Like, 2))
}
