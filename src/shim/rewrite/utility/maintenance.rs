//! Lets a maintenance statement pass that names no renamed column.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! VACUUM users
//! -- becomes
//! VACUUM users
//! ```

use std::ops::Range;

use super::named_columns::{MappedNames, schema_error};
use crate::shim::rewrite::{Result, Rewriter};

impl Rewriter<'_> {
    /// A statement that is for the database to look after a table with: see [`is_maintenance`].
    pub(crate) fn maintenance(&mut self, tokens: Range<usize>) -> Result {
        if let MappedNames::Column(column) = self.mapped_names_in(tokens.clone()) {
            return Err(schema_error(column));
        }
        self.leave_tokens_unchanged(tokens);
        Ok(())
    }
}
