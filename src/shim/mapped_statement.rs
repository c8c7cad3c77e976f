//! A statement or text as it is sent, with its values in the order of its placeholders.

use sea_orm::Statement;

use super::cached_rewrite::{CachedRewrite, ValueOrder};
use super::resend_rule::ResendRule;

/// A copy of a statement, as it is sent. The original is kept, since it may have to be sent again.
pub(super) struct MappedStatement {
    pub statement: Statement,
    pub resend: ResendRule,
}

/// A text without values, as it is sent.
pub(super) struct MappedText {
    pub sql: String,
    pub values: ValueOrder,
    pub resend: ResendRule,
}

/// Returns a copy of the statement, as it is sent. A function of its own, since most statements
/// need only the lookup and no copy.
#[inline(never)]
pub(super) fn mapped_copy(rewrite: &CachedRewrite, statement: &Statement) -> MappedStatement {
    let (sql, values, resend) = match rewrite {
        CachedRewrite::Edited { sql, values, resend } => (sql, values, *resend),
        CachedRewrite::Untouched { resend } => {
            return MappedStatement { statement: statement.clone(), resend: *resend };
        }
        CachedRewrite::NeverResent => return MappedStatement::unmapped(statement),
    };
    let values = match (values, &statement.values) {
        (Some(order), Some(values)) => Some(sea_orm::Values(
            order.iter().filter_map(|at| values.0.get(*at)).cloned().collect(),
        )),
        _ => statement.values.clone(),
    };
    let statement = Statement { sql: sql.clone(), values, db_backend: statement.db_backend };
    MappedStatement { statement, resend }
}

/// Returns the text as it is sent.
pub(super) fn mapped_text(rewrite: &CachedRewrite, sql: &str) -> MappedText {
    let unchanged = |resend| MappedText { sql: sql.to_owned(), values: None, resend };
    match rewrite {
        CachedRewrite::NeverResent => unchanged(ResendRule::unparsed()),
        CachedRewrite::Untouched { resend } => unchanged(*resend),
        CachedRewrite::Edited { sql, values, resend } => {
            MappedText { sql: sql.clone(), values: values.clone(), resend: *resend }
        }
    }
}

impl MappedStatement {
    /// A copy of a statement that is sent unchanged.
    pub fn unmapped(statement: &Statement) -> Self {
        Self { statement: statement.clone(), resend: ResendRule::unparsed() }
    }
}
