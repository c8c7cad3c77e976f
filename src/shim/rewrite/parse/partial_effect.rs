//! Statements that may keep a part of their effect when they fail.
//!
//! `INSERT OR FAIL INTO users VALUES (1, 'a'), (1, 'b')` keeps its first row on SQLite.

use sqlparser::ast::{SetExpr, SqliteOnConflict, Statement};

/// Returns true if a statement that fails may keep a part of its effect.
pub(crate) fn keeps_partial_effect(statement: &Statement) -> bool {
    match statement {
        Statement::Insert(insert) => insert.or == Some(SqliteOnConflict::Fail),
        Statement::Update(update) => update.or == Some(SqliteOnConflict::Fail),
        // The parser takes a statement behind `WITH` for the body of a query.
        Statement::Query(query) => match query.body.as_ref() {
            SetExpr::Insert(inner) | SetExpr::Update(inner) => keeps_partial_effect(inner),
            _ => false,
        },
        Statement::If(_) | Statement::Case(_) | Statement::While(_) => true,
        Statement::StartTransaction { statements, .. } => !statements.is_empty(),
        _ => false,
    }
}
