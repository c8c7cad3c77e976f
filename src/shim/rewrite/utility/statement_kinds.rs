//! The kinds of utility statements: which concern a table's columns, and which keep SQL text in the
//! database.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! CREATE VIEW names AS SELECT handle FROM users
//! -- becomes
//! an error: `handle` is being renamed, so `CREATE VIEW names AS SELECT handle FROM users`
//! belongs in a migration
//! ```

use sqlparser::ast::Statement;

/// Statements whose names are of something else.
pub(super) const fn names_no_table(statement: &Statement) -> bool {
    use Statement as S;
    matches!(statement, S::LISTEN { .. } | S::UNLISTEN { .. } | S::NOTIFY { .. })
}

/// Statements that touch a table's columns only where they name them.
pub(super) fn concerns_no_column(statement: &Statement) -> bool {
    use Statement as S;
    match statement {
        S::CreateTable(table) => {
            table.query.is_none() && table.clone.is_none() && table.like.is_none()
        }
        S::Analyze(_)
        | S::Truncate(_)
        | S::CreateIndex(_)
        | S::AlterTable(_)
        | S::AlterIndex { .. }
        | S::AlterPolicy(_)
        | S::Drop { .. }
        | S::DropTrigger(_)
        | S::DropPolicy(_)
        | S::Comment { .. }
        | S::Grant(_)
        | S::Revoke(_)
        | S::CreateSequence { .. }
        | S::Pragma { .. }
        | S::Lock(_)
        | S::LockTables { .. }
        | S::OptimizeTable { .. }
        | S::Vacuum(_)
        | S::Flush { .. }
        | S::Set(_)
        | S::Reset(_)
        | S::ShowVariable { .. }
        | S::ShowCreate { .. }
        | S::ShowColumns { .. }
        | S::ShowTables { .. }
        | S::ExplainTable { .. }
        | S::Savepoint { .. }
        | S::ReleaseSavepoint { .. }
        | S::Rollback { .. }
        | S::StartTransaction { .. }
        | S::Commit { .. } => true,
        _ => false,
    }
}

/// Why a statement that concerns the table is refused, and what to write.
pub(super) const fn why_not(statement: &Statement) -> &'static str {
    use Statement as S;
    match statement {
        S::Prepare { .. } => "PREPARE, which outlives the state of the rename; send the statement",
        S::Copy { .. } => "COPY … FROM; write INSERT",
        S::CreateView(_) => "a view of the table; it belongs in a migration",
        S::CreateTable(_) => "a table made like it; name the columns",
        _ => "a statement of this kind",
    }
}

/// Statements that keep SQL text in the database, where nobody rewrites it.
pub(super) const fn defines_code(statement: &Statement) -> bool {
    use Statement as S;
    matches!(
        statement,
        S::CreateView(_)
            | S::AlterView { .. }
            | S::CreateTrigger(_)
            | S::CreateFunction(_)
            | S::CreateProcedure { .. }
            | S::CreatePolicy(_)
            | S::CreateTable(_)
    )
}
