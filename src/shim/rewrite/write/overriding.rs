//! Adds `OVERRIDING SYSTEM VALUE`, where a number is sent for a column that is `GENERATED ALWAYS AS
//! IDENTITY`.
//!
//! Given in `dual_write` on PostgreSQL, with the identity `new_id()` for the column:
//!
//! ```sql
//! INSERT INTO users (id) VALUES (1)
//! -- becomes
//! WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v)
//! INSERT INTO users (id, "handle", "username") OVERRIDING SYSTEM VALUE
//! VALUES (1, (SELECT v FROM once0), (SELECT v FROM once0))
//! ```

use sqlparser::ast::{Ident, Insert, Query, SetExpr};
use sqlparser::tokenizer::Token;

use super::insert_columns::{DualColumn, last_ident};
use super::subexpressions::is_default_keyword;
use crate::model::Numbering;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// `OVERRIDING SYSTEM VALUE` where the number that is sent is the database's own next one, and the
    /// text does not say it. A number of the app's is refused by the database as ever.
    pub(super) fn overriding(
        &self,
        insert: &Insert,
        source: &Query,
        dual: &[DualColumn<'_>],
        omitted: &[&MappedColumn],
    ) -> Result<&'static str> {
        let given = dual.iter().map(|given| given.pair);
        let numbered =
            |pair: &MappedColumn| pair.sent_default().is_some_and(|d| d.numbering.is_some());
        if !given.chain(omitted.iter().copied()).any(numbered) {
            return Ok("");
        }
        let said = self.overriding_word(insert)?;
        if said == Some("USER") {
            return Err(RewriteError::unsupported(
                "OVERRIDING USER VALUE of a column that is being renamed",
            ));
        }
        let is_default = |given: &DualColumn<'_>| match source.body.as_ref() {
            SetExpr::Values(values) => values
                .rows
                .iter()
                .all(|row| row.content.get(given.at).is_some_and(is_default_keyword)),
            _ => false,
        };
        let always = |pair: &MappedColumn| is_numbered(pair, Numbering::Always);
        let sent = omitted.iter().any(|pair| always(pair))
            || dual.iter().any(|given| always(given.pair) && is_default(given));
        Ok(if sent && said.is_none() { OVERRIDING } else { "" })
    }

    /// `SYSTEM` or `USER`, where the text has `OVERRIDING` behind its list of columns.
    fn overriding_word(&self, insert: &Insert) -> Result<Option<&'static str>> {
        let target = last_ident(insert).ok_or_else(|| RewriteError::misplaced("INTO"))?;
        let mut at = self.text.next(self.text.ident(target)? + 1);
        if self.text.is(at, &Token::LParen) && !insert.columns.is_empty() {
            at = self.text.next(self.text.closing_paren(at)? + 1);
        }
        let word = |at: usize, word: &str| {
            matches!(self.text.tokens().get(at).map(|token| &token.token),
                Some(Token::Word(found)) if found.value.eq_ignore_ascii_case(word))
        };
        if !word(at, "OVERRIDING") {
            return Ok(None);
        }
        let next = self.text.next(at + 1);
        Ok(Some(if word(next, "USER") { "USER" } else { "SYSTEM" }))
    }

    /// Puts words behind the list of columns that ends with this one.
    pub(super) fn put_behind_list(&mut self, last: &Ident, words: &'static str) -> Result {
        if words.is_empty() {
            return Ok(());
        }
        let mut at = self.text.ident(last)?;
        // An element or a field of the column may come before the parenthesis.
        let mut depth = 0_usize;
        loop {
            match self.text.tokens().get(at).map(|found| &found.token) {
                Some(Token::LParen | Token::LBracket) => depth += 1,
                Some(Token::RParen) if depth == 0 => break,
                Some(Token::RParen | Token::RBracket) => depth = depth.saturating_sub(1),
                Some(_) => {}
                None => return Err(RewriteError::misplaced("a list of columns")),
            }
            at += 1;
        }
        let bytes = self.text.range(at);
        let pieces = vec![Piece::Copy(bytes.clone()), Piece::New(words.to_owned())];
        self.edits.replace(bytes, pieces);
        Ok(())
    }
}

/// The clause that says it.
pub(super) const OVERRIDING: &str = " OVERRIDING SYSTEM VALUE";

/// Returns true if rows are numbered so by the column.
pub(super) fn is_numbered(pair: &MappedColumn, numbering: Numbering) -> bool {
    pair.sent_default().and_then(|default| default.numbering) == Some(numbering)
}
