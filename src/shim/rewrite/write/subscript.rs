//! Finds assignments to a part of a column, and refuses them where two columns are written.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle[1] = $1
//! -- becomes
//! an error: not supported on a renamed table: an assignment to a part of a column that is
//! written twice; set all of it
//! ```

use std::ops::Range;

use sqlparser::ast::Ident;
use sqlparser::tokenizer::Token;

use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// The bytes of a column in a list with its subscripts; whether it has any.
    pub(super) fn subscripted_range(&mut self, column: &Ident) -> Result<(Range<usize>, bool)> {
        let bytes = self.name_range(column)?;
        let at = self.text.ident(column)?;
        let (mut open, mut last) = (false, at);
        for token in at + 1..self.text.tokens().len() {
            match self.text.tokens()[token].token {
                Token::LBracket => open = true,
                Token::RBracket => (open, last) = (false, token),
                Token::Whitespace(_) => {}
                _ if open => {}
                _ => break,
            }
        }
        Ok((bytes.start..self.text.range(last).end, last > at))
    }

    /// Returns true if a renamed column is set in part. Of two columns the other may have another value
    /// until it has been copied, so that the same part of both would not make them the same.
    pub(super) fn is_subscripted(&mut self, column: &Ident, pair: &MappedColumn) -> Result<bool> {
        let (_, subscripted) = self.subscripted_range(column)?;
        if subscripted && pair.changes_value() {
            return Err(RewriteError::unsupported(
                "an assignment to a part of a column that is written twice; set all of it",
            ));
        }
        Ok(subscripted)
    }
}
