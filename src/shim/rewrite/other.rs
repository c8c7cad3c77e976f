use std::ops::Range;

use sqlparser::ast::Statement;

use super::error::RewriteError;
use super::rewriter::{Done, Rewriter};
use super::scan;

impl Rewriter<'_> {
    /// A statement that is neither query nor write: it passes where it cannot concern a renamed
    /// column.
    pub(super) fn other(&mut self, statement: &Statement, tokens: Range<usize>) -> Done {
        let sql = &self.text.sql[self.text.places(tokens.clone())];
        let named: Vec<_> = self
            .mapping
            .tables()
            .iter()
            .filter(|table| scan::contains_name(sql, table.table.name.as_str()))
            .collect();
        let mut columns = named.iter().flat_map(|t| &t.columns).flat_map(|c| [&c.from, &c.to]);
        let column = columns.find(|column| scan::contains_name(sql, column.as_str()));
        match column {
            _ if named.is_empty() => {}
            None if concerns_no_column(statement) => {}
            Some(column) if concerns_no_column(statement) || defines_code(statement) => {
                return Err(RewriteError::Schema {
                    column: column.to_string(),
                    sql: String::new(),
                });
            }
            _ => return Err(RewriteError::unsupported(why_not(statement))),
        }
        self.keep_tokens(tokens);
        Ok(())
    }
}

/// Statements that touch a table's columns only where they name them.
fn concerns_no_column(statement: &Statement) -> bool {
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
        | S::Commit { .. }
        | S::LISTEN { .. }
        | S::UNLISTEN { .. }
        | S::NOTIFY { .. } => true,
        _ => false,
    }
}

/// Why a statement that concerns the table is refused, and what to write.
const fn why_not(statement: &Statement) -> &'static str {
    use Statement as S;
    match statement {
        S::Prepare { .. } => "PREPARE, which outlives the state of the rename; send the statement",
        S::Copy { .. } => "COPY … FROM; write INSERT",
        S::CreateView(_) => "a view of the table; it belongs into a migration",
        S::CreateTable(_) => "a table made like it; name the columns",
        _ => "a statement of this kind",
    }
}

/// Statements that keep SQL text in the database, where nobody rewrites it.
const fn defines_code(statement: &Statement) -> bool {
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
