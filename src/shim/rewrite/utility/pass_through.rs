use std::ops::Range;

use sqlparser::ast::Statement;

use super::named_columns::{Concern, schema};
use super::statement_kinds::{concerns_no_column, defines_code, names_no_table, why_not};
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl Rewriter<'_> {
    /// A statement that is neither query nor write: it passes where it cannot concern a renamed
    /// column.
    pub(crate) fn other(&mut self, statement: &Statement, tokens: Range<usize>) -> Done {
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
}
