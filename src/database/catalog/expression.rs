//! Columns in the expressions of a catalog: those of an index, a check or statistics.
//!
//! `lower(username) <> 'username'` with `handle` for `username` is `lower(handle) <> 'username'`.

use std::ops::ControlFlow;

use sqlparser::ast::{AccessExpr, Expr, Ident, visit_expressions, visit_expressions_mut};
use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::database::Dialect;

/// An expression that cannot be parsed, so that its columns are not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the expression `{sql}` cannot be read")]
pub struct Unreadable {
    /// The expression.
    pub sql: String,
}

/// The placeholder for the renamed column when two expressions are compared. No real name is empty.
const COLUMN: &str = "";

/// Returns true if the expression names the column.
///
/// # Errors
/// The expression cannot be read.
pub fn names(dialect: Dialect, sql: &str, column: &str) -> Result<bool, Unreadable> {
    // If the text does not contain the name, it need not be parsed; a quote within a name is
    // doubled.
    if !column.contains(['"', '`']) && !sql.to_lowercase().contains(&column.to_lowercase()) {
        return Ok(false);
    }
    let expression = parse(dialect, sql)?;
    let found = visit_expressions(&expression, |part| match last_name(part) {
        Some(name) if is_column(dialect, name, column) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    Ok(found.is_break())
}

/// Returns the expression with one column replaced by another.
///
/// # Errors
/// The expression cannot be read.
pub fn with_column(
    dialect: Dialect,
    sql: &str,
    column: &str,
    other: &str,
) -> Result<String, Unreadable> {
    let mark = if dialect == Dialect::Postgres { '"' } else { '`' };
    let other =
        Ident { quote_style: Some(mark), ..Ident::new(other.replace(mark, &doubled(mark))) };
    let mut expression = parse(dialect, sql)?;
    replace(dialect, &mut expression, column, &other);
    Ok(expression.to_string())
}

/// Returns true if the two expressions are the same except for the column: `left_column` in `left`
/// and `right_column` in `right`. Expressions that cannot be parsed are the same if their texts
/// are.
#[must_use]
pub fn same(
    dialect: Dialect,
    (left, left_column): (&str, &str),
    (right, right_column): (&str, &str),
) -> bool {
    let blank = |sql: &str, column: &str| {
        let mut expression = parse(dialect, sql)?;
        replace(dialect, &mut expression, column, &Ident::new(COLUMN));
        unquote(dialect, &mut expression);
        Ok::<_, Unreadable>(expression.to_string())
    };
    match (blank(left, left_column), blank(right, right_column)) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right && left_column == right_column,
    }
}

fn doubled(mark: char) -> String {
    format!("{mark}{mark}")
}

fn parse(dialect: Dialect, sql: &str) -> Result<Expr, Unreadable> {
    let grammar: &dyn Grammar = match dialect {
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::MariaDb => &MySqlDialect {},
    };
    let unreadable = || Unreadable { sql: sql.to_owned() };
    let mut parser = Parser::new(grammar).try_with_sql(sql).map_err(|_| unreadable())?;
    let expression = parser.parse_expr().map_err(|_| unreadable())?;
    // A field of a composite value may have the column's name: `(address).username`.
    let fields = visit_expressions(&expression, |part| match part {
        Expr::CompoundFieldAccess { access_chain, .. }
            if access_chain.iter().any(|access| matches!(access, AccessExpr::Dot(_))) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    let whole = parser.peek_token().token == Token::EOF && fields.is_continue();
    if whole { Ok(expression) } else { Err(unreadable()) }
}

/// The column name of an expression that is a column, without the table's name.
fn last_name(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(names) => names.last(),
        _ => None,
    }
}

fn last_name_mut(expression: &mut Expr) -> Option<&mut Ident> {
    match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(names) => names.last_mut(),
        _ => None,
    }
}

/// Returns true if a name means the column. Names in the catalog's texts are folded already; on
/// SQLite they are as they were typed.
fn is_column(dialect: Dialect, name: &Ident, column: &str) -> bool {
    let value = match name.quote_style {
        Some(mark) => name.value.replace(&doubled(mark), &mark.to_string()),
        None => name.value.clone(),
    };
    dialect.same_column(&value, column)
}

fn replace(dialect: Dialect, expression: &mut Expr, column: &str, other: &Ident) {
    let _ = visit_expressions_mut(expression, |part| {
        if let Some(name) = last_name_mut(part)
            && is_column(dialect, name, column)
        {
            *name = other.clone();
        }
        ControlFlow::<()>::Continue(())
    });
}

/// Removes the quotes of names, so that `"name"` and `name` compare as equal.
fn unquote(dialect: Dialect, expression: &mut Expr) {
    let _ = visit_expressions_mut(expression, |part| {
        if let Some(name) = last_name_mut(part) {
            name.quote_style = None;
            if dialect != Dialect::Postgres {
                name.value = name.value.to_lowercase();
            }
        }
        ControlFlow::<()>::Continue(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_replaced_by_another() {
        for (dialect, sql, expected) in [
            (Dialect::Postgres, "lower(username)", r#"lower("handle")"#),
            (
                Dialect::Postgres,
                "((username)::text <> 'username'::text)",
                r#"(("handle")::text <> 'username'::text)"#,
            ),
            (
                Dialect::Postgres,
                "(username = ANY (ARRAY['a'::text, 'b'::text]))",
                r#"("handle" = ANY(ARRAY['a'::TEXT, 'b'::TEXT]))"#,
            ),
            (Dialect::Postgres, r#"("userName" > 0)"#, r#"("userName" > 0)"#),
            (Dialect::MariaDb, "json_valid(`username`)", "json_valid(`handle`)"),
            (Dialect::Sqlite, "[UserName] > 'x'", "`handle` > 'x'"),
        ] {
            let replaced = with_column(dialect, sql, "username", "handle").unwrap();
            assert_eq!(replaced.to_lowercase(), expected.to_lowercase(), "{sql}");
        }
    }

    #[test]
    fn expressions_of_two_columns_are_compared() {
        let same = |left, right| same(Dialect::Postgres, (left, "username"), (right, "Handle"));
        assert!(same("(username > 'a'::text)", r#"("Handle" > 'a'::text)"#));
        assert!(!same("(username > 'a'::text)", r#"("Handle" > 'b'::text)"#));
        assert!(!same("(username > email)", r#"("Handle" > username)"#));
    }

    #[test]
    fn what_the_parser_does_not_read_is_said() {
        assert!(names(Dialect::Postgres, "username ===> (", "username").is_err());
        assert!(names(Dialect::Postgres, "a b", "a").is_err());
        assert!(names(Dialect::Postgres, "((c).username <> 'x'::text)", "username").is_err());
        assert_eq!(names(Dialect::Postgres, "a ===> (", "username"), Ok(false));
        assert_eq!(names(Dialect::Postgres, "lower('username')", "username"), Ok(false));
    }
}
