use std::ops::Range;

use super::named_columns::{Concern, schema};
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl Rewriter<'_> {
    /// A statement that is for the database to look after a table with: see [`is_maintenance`].
    pub(crate) fn maintenance(&mut self, tokens: Range<usize>) -> Done {
        if let Concern::Column(column) = self.concerned(tokens.clone()) {
            return Err(schema(column));
        }
        self.keep_tokens(tokens);
        Ok(())
    }
}
