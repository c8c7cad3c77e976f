//! An SQL expression in which a value can be put in the place of a column.
//!
//! `age / 100.0` of the column `age`, filled with `$1`, is `$1 / 100.0`.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Function, FunctionArguments, visit_expressions};
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Tokenizer};

/// An expression that depends on the value of one column, and on nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The texts around each place of the value.
    parts: Vec<String>,
}

/// A text that is not the SQL that it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSql {
    /// The text is not one type.
    #[error("`{}` is not a type", sql.escape_debug())]
    Type {
        /// The text.
        sql: String,
    },
    /// The text is not one expression.
    #[error("`{}` is not an expression", sql.escape_debug())]
    Expression {
        /// The text.
        sql: String,
    },
    /// The expression has a part that does not depend on the value of the column alone.
    #[error("`{sql}` has {part}, and may depend on the value of `{column}` alone")]
    Part {
        /// The text.
        sql: String,
        /// The part, in words.
        part: String,
        /// The column.
        column: String,
    },
}

/// Functions whose result differs each time, or depends on more than one row.
const REFUSED: &str = "
    array_agg avg bit_and bit_or bit_xor bool_and bool_or clock_timestamp connection_id count curdate
    current_date current_role current_setting current_time current_timestamp current_user currval
    curtime date_part every gen_random_uuid getdate group_concat json_agg json_arrayagg
    json_group_array json_group_object json_objectagg jsonb_agg last_insert_id last_insert_rowid
    lastval localtime localtimestamp max min nextval now pg_sleep rand random randomblob row_number
    session_user setval sleep statement_timestamp std stddev string_agg sum sysdate sys_guid timeofday
    total transaction_timestamp txid_current unix_timestamp user utc_date utc_time utc_timestamp uuid
    uuid_generate_v1 uuid_generate_v4 uuid_short uuidv4 uuidv7 variance";

impl Template {
    /// Reads an expression in which the name of the column stands for the value.
    ///
    /// # Errors
    /// The text is not one expression, or it depends on something other than the value.
    pub fn parse(sql: &str, column: &str) -> Result<Self, InvalidSql> {
        let unreadable = || InvalidSql::Expression { sql: sql.to_owned() };
        let grammars: [&dyn Dialect; 4] =
            [&PostgreSqlDialect {}, &MySqlDialect {}, &SQLiteDialect {}, &GenericDialect {}];
        let expression =
            grammars.into_iter().find_map(|grammar| read(grammar, sql)).ok_or_else(unreadable)?;
        let mut places = Vec::new();
        let part = visit_expressions(&expression, |part| {
            if let Some(words) = refused(part, column) {
                return ControlFlow::Break(words);
            }
            if let Expr::Identifier(name) = part {
                places.push(name.span);
            }
            ControlFlow::Continue(())
        });
        let part = match part {
            ControlFlow::Break(part) => Some(part),
            ControlFlow::Continue(()) if places.is_empty() => {
                Some("no place for the value".to_owned())
            }
            ControlFlow::Continue(()) => None,
        };
        if let Some(part) = part {
            return Err(InvalidSql::Part { sql: sql.to_owned(), part, column: column.to_owned() });
        }
        let parts = split(sql, places).ok_or_else(unreadable)?;
        Ok(Self { parts })
    }

    /// The expression with `value` in the place of the column.
    #[must_use]
    pub fn fill(&self, value: &str) -> String {
        format!("({})", self.parts.join(value))
    }

    /// The texts before, between and behind the places of the value.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str)
    }
}

/// Checks that a text is one type, and nothing else.
///
/// # Errors
/// It is not.
pub fn check_type(sql: &str) -> Result<(), InvalidSql> {
    let grammars: [&dyn Dialect; 3] = [&PostgreSqlDialect {}, &MySqlDialect {}, &SQLiteDialect {}];
    let is_type = |grammar: &&dyn Dialect| {
        let Some(tokens) = tokens(*grammar, sql) else { return false };
        let mut parser = Parser::new(*grammar).with_tokens_with_locations(tokens);
        parser.parse_data_type().is_ok() && parser.peek_token().token == Token::EOF
    };
    if grammars.iter().any(is_type) {
        return Ok(());
    }
    Err(InvalidSql::Type { sql: sql.to_owned() })
}

/// The tokens of a text on one line without comments and parameters.
fn tokens(grammar: &dyn Dialect, sql: &str) -> Option<Vec<TokenWithSpan>> {
    let tokens = Tokenizer::new(grammar, sql).tokenize_with_location().ok()?;
    let fits = |token: &TokenWithSpan| match &token.token {
        Token::Whitespace(space) => matches!(space, sqlparser::tokenizer::Whitespace::Space),
        Token::SemiColon | Token::Placeholder(_) | Token::Question => false,
        _ => true,
    };
    (!sql.contains(['\n', '\r', '\0']) && tokens.iter().all(fits)).then_some(tokens)
}

fn read(grammar: &dyn Dialect, sql: &str) -> Option<Expr> {
    let tokens = tokens(grammar, sql)?;
    let mut parser = Parser::new(grammar).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(expression)
}

/// The part in words, if it does not depend on the value of the column alone.
fn refused(part: &Expr, column: &str) -> Option<String> {
    match part {
        Expr::Identifier(name) => {
            let is_it = is_column(&name.value, name.quote_style.is_some(), column);
            (!is_it).then(|| format!("the name `{}`", name.value))
        }
        Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
            Some(format!("the name `{part}`"))
        }
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
            Some("a query".to_owned())
        }
        Expr::Function(function) => of_function(function),
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => Some("`*`".to_owned()),
        _ => None,
    }
}

fn of_function(function: &Function) -> Option<String> {
    let name = function.name.to_string();
    let last = name.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`']);
    let last = last.to_ascii_lowercase();
    let plain = function.over.is_none()
        && function.filter.is_none()
        && function.within_group.is_empty()
        && !matches!(&function.args, FunctionArguments::Subquery(_))
        && !matches!(&function.args, FunctionArguments::List(list)
            if !list.clauses.is_empty() || list.duplicate_treatment.is_some());
    let refused = !plain || REFUSED.split_ascii_whitespace().any(|own| own == last);
    refused.then(|| format!("the function `{last}`"))
}

fn is_column(name: &str, quoted: bool, column: &str) -> bool {
    if quoted { name == column } else { name.eq_ignore_ascii_case(column) }
}

/// Splits a text of one line at some places.
fn split(sql: &str, mut places: Vec<Span>) -> Option<Vec<String>> {
    places.sort_by_key(|span| span.start.column);
    let byte = |column: u64| {
        let at = usize::try_from(column).ok()?.checked_sub(1)?;
        Some(sql.char_indices().nth(at).map_or(sql.len(), |(at, _)| at))
    };
    let (mut parts, mut from) = (Vec::new(), 0);
    for span in places {
        parts.push(sql.get(from..byte(span.start.column)?)?.to_owned());
        from = byte(span.end.column)?;
    }
    parts.push(sql.get(from..)?.to_owned());
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_takes_every_place_of_the_column() {
        for (sql, column, filled) in [
            ("age::bigint", "age", "($1::bigint)"),
            ("CAST(age AS bigint)", "age", "(CAST($1 AS bigint))"),
            ("Age + length('age') + \"age\"", "age", "($1 + length('age') + $1)"),
            ("lpad(to_hex(age), 32, '0')::uuid", "age", "(lpad(to_hex($1), 32, '0')::uuid)"),
            ("at AT TIME ZONE 'UTC'", "at", "($1 AT TIME ZONE 'UTC')"),
            ("date(date)", "date", "(date($1))"),
            ("date::date", "date", "($1::date)"),
            (
                "CASE WHEN `ä` = 'é' THEN 1 ELSE 0 END",
                "ä",
                "(CASE WHEN $1 = 'é' THEN 1 ELSE 0 END)",
            ),
        ] {
            let template = Template::parse(sql, column).unwrap();
            assert_eq!(template.fill("$1"), filled, "{sql}");
        }
    }
}
