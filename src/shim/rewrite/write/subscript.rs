use std::ops::Range;

use sqlparser::ast::Ident;
use sqlparser::tokenizer::Token;

use crate::shim::mapping::MappedColumn;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl Rewriter<'_> {
    /// The bytes of a column in a list with its subscripts; whether it has any.
    pub(super) fn element(&mut self, column: &Ident) -> Done<(Range<usize>, bool)> {
        let bytes = self.place(column)?;
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
        Ok((bytes.start..self.text.place(last).end, last > at))
    }

    /// Whether a renamed column is set in part. Of two columns the other may have another value
    /// until it has been copied, so that the same part of both would not make them the same.
    pub(super) fn is_element(&mut self, column: &Ident, pair: &MappedColumn) -> Done<bool> {
        let (_, element) = self.element(column)?;
        if element && pair.written().count() > 1 {
            return Err(RewriteError::unsupported(
                "an assignment to a part of a column that is written twice; set all of it",
            ));
        }
        Ok(element)
    }
}
