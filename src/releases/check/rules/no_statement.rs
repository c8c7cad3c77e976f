//! A plain SQL migration has a statement.

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::rule::NO_STATEMENT;
use super::{Checks, Finding};
use crate::releases::{Body, Migration};

/// Checks that each unreleased plain SQL migration has a statement: without one it does nothing, and
/// MariaDB reports an error.
pub(super) fn findings(migrations: &[Migration], checks: &Checks<'_>) -> Vec<Finding> {
    let open = migrations.iter().filter(|migration| checks.is_open(migration));
    open.filter_map(|migration| {
        let Body::Sql { text } = &migration.body else { return None };
        let path = &migration.path;
        is_empty(text).then(|| {
            let message = format!("`{}` has no statement", path.display());
            let hint = format!("write its statements, or remove `{}`", path.display());
            Finding::new(NO_STATEMENT, path, message, hint)
        })
    })
    .collect()
}

/// Returns true if there is nothing but space, comments and semicolons.
fn is_empty(sql: &str) -> bool {
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize() else { return false };
    tokens.iter().all(|token| matches!(token, Token::Whitespace(_) | Token::SemiColon))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_statement() {
        for sql in ["", "  \n", "-- x", "/* x */ ;\n;"] {
            assert!(is_empty(sql), "{sql}");
        }
        for sql in ["SELECT 1", "-- x\nSELECT 1", "'open"] {
            assert!(!is_empty(sql), "{sql}");
        }
    }
}
