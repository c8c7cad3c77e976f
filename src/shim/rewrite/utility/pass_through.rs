//! Lets a statement pass that is neither a query nor a write, where it cannot concern a renamed
//! column.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! TRUNCATE users
//! -- becomes
//! TRUNCATE users
//! ```

use std::ops::Range;

use sqlparser::ast::Statement;

use super::named_columns::MappedNames;
use super::statement_kinds::{concerns_no_column, defines_code, names_no_table, why_not};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// A statement that is neither query nor write: it passes where it cannot concern a renamed
    /// column.
    pub(crate) fn pass_through(&mut self, statement: &Statement, tokens: Range<usize>) -> Result {
        match self.mapped_names_in(tokens.clone()) {
            MappedNames::Nothing => {}
            _ if names_no_table(statement) => {}
            // SQLite's, which tell of tables and indexes: a name in one is not that of a column.
            MappedNames::Column(_) if matches!(statement, Statement::Pragma { .. }) => {}
            MappedNames::Table if concerns_no_column(statement) => {
                self.refuse_drop_of_constraint(statement)?;
            }
            MappedNames::Column(column)
                if concerns_no_column(statement) || defines_code(statement) =>
            {
                let column = column.clone();
                return self.schema_change(statement, tokens, &column);
            }
            _ => return Err(RewriteError::unsupported(why_not(statement))),
        }
        self.leave_tokens_unchanged(tokens);
        Ok(())
    }
}
