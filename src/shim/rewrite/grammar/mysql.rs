use sqlparser::ast::{Expr, Statement};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

use super::select::may_be_alias;

/// MariaDB as the parser knows it.
#[derive(Debug)]
pub(super) struct MariadbGrammar;

const MYSQL: MySqlDialect = MySqlDialect {};

impl Grammar for MariadbGrammar {
    fn is_column_alias(&self, keyword: &Keyword, parser: &mut Parser<'_>) -> bool {
        may_be_alias(*keyword) && MYSQL.is_column_alias(keyword, parser)
    }

    as_parser! {
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
        fn parse_infix(
            parser: &mut Parser<'_>,
            left: &Expr,
            precedence: u8
        ) -> Option<Result<Expr, ParserError>>;
        fn parse_statement(parser: &mut Parser<'_>) -> Option<Result<Statement, ParserError>>;
    }
}
