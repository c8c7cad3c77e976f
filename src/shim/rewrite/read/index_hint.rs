//! Removes the hint of an index behind a mapped table, as SQLite has it: each of the two columns has an
//! index of its own, and a hint of the other one is an error.
//!
//! Given in `write_to` on SQLite:
//!
//! ```sql
//! SELECT id FROM users INDEXED BY by_username WHERE handle = ?
//! -- becomes
//! SELECT id FROM users WHERE `handle` = ?
//! ```

use std::ops::Range;

use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::Rewriter;
use crate::shim::rewrite::source::Piece;

impl Rewriter<'_> {
    /// Removes `INDEXED BY name` behind a table, of which the last byte of the name or alias is given.
    pub(crate) fn remove_index(&mut self, end: usize) {
        let [indexed, by, name] = self.text.three_tokens_behind(end);
        if self.is_hint(indexed, "INDEXED") && self.is_hint(by, "BY") {
            self.remove_tokens(&[indexed, by, name]);
        }
    }

    /// Removes `NOT INDEXED` behind a table, which a subquery does not take.
    pub(crate) fn remove_not_indexed(&mut self, end: usize) {
        let [not, indexed, _] = self.text.three_tokens_behind(end);
        if self.is_hint(not, "NOT") && self.is_hint(indexed, "INDEXED") {
            self.remove_tokens(&[not, indexed]);
        }
    }

    fn is_hint(&self, at: usize, expected: &str) -> bool {
        self.dialect == Dialect::Sqlite
            && self.text.tokens().get(at).is_some_and(|token| {
                matches!(&token.token, Token::Word(word)
                    if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected))
            })
    }

    /// Removes tokens, and the spacing between them but no comment.
    fn remove_tokens(&mut self, tokens: &[usize]) {
        for at in tokens {
            self.leave_tokens_unchanged(*at..at + 1);
            let bytes: Range<usize> = self.text.range(*at);
            self.edits.replace(bytes, vec![Piece::New(String::new())]);
        }
    }
}
