//! PostgreSQL's grammar: the parser's, and `a @> ANY (b)` with any operator.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM users WHERE handle @> ANY ($1)
//! -- becomes
//! SELECT id FROM users WHERE "username" @> ANY ($1)
//! ```

use sqlparser::ast::{BinaryOperator, Expr};
use sqlparser::dialect::{Dialect as Grammar, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::column_alias::may_be_alias;
use crate::Dialect;

/// PostgreSQL as the parser knows it, and what it does not: `a @> ANY (b)`, of any operator.
#[derive(Debug)]
pub(super) struct PostgresGrammar;

const OF_EACH: [Keyword; 3] = [Keyword::ALL, Keyword::ANY, Keyword::SOME];

const POSTGRES: PostgreSqlDialect = PostgreSqlDialect {};

impl Grammar for PostgresGrammar {
    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser<'_>) -> bool {
        may_be_alias(Dialect::Postgres, *keyword) && POSTGRES.is_column_alias(keyword, parser)
    }

    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        left: &Expr,
        _: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let word = |nth| match parser.peek_nth_token(nth).token {
            Token::Word(word) => Some(word.keyword),
            _ => None,
        };
        let of_each = word(1).filter(|word| OF_EACH.contains(word))?;
        if word(0).is_some() || parser.peek_nth_token(2).token != Token::LParen {
            return None;
        }
        let op = BinaryOperator::Custom(parser.next_token().token.to_string());
        parser.next_token();
        let all = of_each == Keyword::ALL;
        Some(parser.parse_prefix().map(|right| {
            let (left, right) = (Box::new(left.clone()), Box::new(right));
            if all {
                Expr::AllOp { left, compare_op: op, right }
            } else {
                Expr::AnyOp { left, compare_op: op, right, is_some: false }
            }
        }))
    }

    delegate! {
        POSTGRES;
        {
            supports_unicode_string_literal
            supports_filter_during_aggregation
            supports_group_by_expr
            supports_alter_user_as_alter_role
            allow_extract_custom
            allow_extract_single_quotes
            supports_create_index_with_clause
            supports_explain_with_utility_options
            supports_listen_notify
            supports_exclude_constraint
            supports_factorial_operator
            supports_bitwise_shift_operators
            supports_comment_on
            supports_load_extension
            supports_named_fn_args_with_colon_operator
            supports_named_fn_args_with_expr_name
            supports_empty_projections
            supports_nested_comments
            supports_string_escape_constant
            supports_numeric_literal_underscores
            supports_array_typedef_with_brackets
            supports_geometric_types
            supports_order_by_using_operator
            supports_set_names
            supports_alter_column_type_using
            supports_left_associative_joins_without_parens
            supports_notnull_operator
            supports_interval_options
            supports_insert_table_alias
            supports_create_table_like_parenthesized
            supports_select_wildcard_with_alias
            supports_comma_separated_trim
            supports_xml_expressions
            supports_aliased_function_args
            supports_comment_optimizer_hint
        }
        fn identifier_quote_style(identifier: &str) -> Option<char>;
        fn is_delimited_identifier_start(ch: char) -> bool;
        fn is_identifier_start(ch: char) -> bool;
        fn is_identifier_part(ch: char) -> bool;
        fn is_custom_operator_part(ch: char) -> bool;
        fn is_reserved_for_identifier(keyword: Keyword) -> bool;
        fn is_table_alias(keyword: &Keyword, parser: &mut Parser<'_>) -> bool;
        fn get_next_precedence(parser: &Parser<'_>) -> Option<Result<u8, ParserError>>;
        fn prec_value(precedence: Precedence) -> u8;
    }
}
