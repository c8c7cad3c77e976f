//! Reads the text of a CREATE INDEX statement of SQLite: its expressions and its condition.

use sqlparser::ast::{Expr, Statement};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

/// Reads the parts of an index that no pragma shows: its expressions in order, with `None` for a
/// plain column, and its condition. The text is SQLite's own record of the index.
///
/// A text that cannot be parsed is returned whole as the condition, which then cannot be read
/// either.
pub(super) fn parts(create_index: &str) -> (Vec<Option<String>>, Option<String>) {
    let parsed = Parser::parse_sql(&SQLiteDialect {}, create_index);
    let Ok([Statement::CreateIndex(index)]) = parsed.as_deref() else {
        return (Vec::new(), Some(create_index.to_owned()));
    };
    let columns = index.columns.iter().map(|part| match bare(&part.column.expr) {
        Expr::Identifier(_) => None,
        expression => Some(expression.to_string()),
    });
    (columns.collect(), index.predicate.as_ref().map(ToString::to_string))
}

/// The expression without brackets and collation around it, which a pragma shows.
fn bare(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => bare(inner),
        Expr::Collate { expr, .. } => bare(expr),
        expression => expression,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_and_conditions_are_read() {
        let sql = "CREATE UNIQUE INDEX i ON users (lower(username), id DESC) WHERE id > 1";
        let expected = (vec![Some("lower(username)".to_owned()), None], Some("id > 1".to_owned()));
        assert_eq!(parts(sql), expected);
        let sql = "CREATE INDEX i ON users ((lower(username)) COLLATE `NOCASE`)";
        assert_eq!(parts(sql).0, [Some("lower(username)".to_owned())]);
        assert_eq!(
            parts("CREATE INDEX i ON t (a GLOB)").1.unwrap(),
            "CREATE INDEX i ON t (a GLOB)"
        );
    }
}
