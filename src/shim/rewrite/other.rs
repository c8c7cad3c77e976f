use std::ops::Range;

use sqlparser::ast::Statement;
use sqlparser::tokenizer::Token;

use super::error::RewriteError;
use super::rewriter::{Done, Rewriter};
use super::scan;
use super::text::Text;
use crate::Dialect;
use crate::model::Identifier;

impl Rewriter<'_> {
    /// A statement that is neither query nor write: it passes where it cannot concern a renamed
    /// column.
    pub(super) fn other(&mut self, statement: &Statement, tokens: Range<usize>) -> Done {
        match self.concerned(tokens.clone()) {
            Concern::Nothing => {}
            _ if names_no_table(statement) => {}
            Concern::Table if concerns_no_column(statement) => {}
            Concern::Column(column) if concerns_no_column(statement) || defines_code(statement) => {
                return Err(schema(column));
            }
            _ => return Err(RewriteError::unsupported(why_not(statement))),
        }
        self.keep_tokens(tokens);
        Ok(())
    }

    /// A statement that is for the database to look after a table with: see [`is_maintenance`].
    pub(super) fn maintenance(&mut self, tokens: Range<usize>) -> Done {
        if let Concern::Column(column) = self.concerned(tokens.clone()) {
            return Err(schema(column));
        }
        self.keep_tokens(tokens);
        Ok(())
    }

    /// What may be named of a renamed table.
    fn concerned(&self, tokens: Range<usize>) -> Concern<'_> {
        let sql = &self.text.sql[self.text.places(tokens)];
        let tables = self.mapping.tables().iter();
        let named: Vec<_> =
            tables.filter(|table| scan::contains_name(sql, table.table.name.as_str())).collect();
        let mut columns = named.iter().flat_map(|t| &t.columns).flat_map(|c| [&c.from, &c.to]);
        let column = columns.find(|column| scan::contains_name(sql, column.as_str()));
        match column {
            Some(column) => Concern::Column(column),
            None if named.is_empty() => Concern::Nothing,
            None => Concern::Table,
        }
    }
}

/// What a text may name.
enum Concern<'m> {
    Nothing,
    Table,
    Column(&'m Identifier),
}

fn schema(column: &Identifier) -> RewriteError {
    RewriteError::Schema { column: column.to_string(), sql: String::new() }
}

/// Whether a statement begins here that reads or changes no rows, and of which the parser does not
/// know all: `VACUUM (ANALYZE) users`, `CHECK TABLE users`, MariaDB's `DO RELEASE_LOCK('users')`.
pub(super) fn is_maintenance(text: &Text<'_>, start: usize) -> bool {
    let first = text.tokens().get(start).map(|token| &token.token);
    let Some(Token::Word(word)) = first else { return false };
    let word = word.value.to_ascii_uppercase();
    match text.dialect {
        Dialect::Sqlite => matches!(word.as_str(), "VACUUM" | "REINDEX"),
        Dialect::Postgres => matches!(word.as_str(), "VACUUM" | "REINDEX" | "CLUSTER"),
        Dialect::Mysql => {
            matches!(word.as_str(), "CHECK" | "CHECKSUM" | "REPAIR" | "OPTIMIZE" | "SHOW" | "DO")
        }
    }
}

/// Statements whose names are of something else.
const fn names_no_table(statement: &Statement) -> bool {
    use Statement as S;
    matches!(statement, S::LISTEN { .. } | S::UNLISTEN { .. } | S::NOTIFY { .. })
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
        | S::Commit { .. } => true,
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
