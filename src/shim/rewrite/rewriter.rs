use std::ops::Range;

use sqlparser::ast::Ident;

use super::error::RewriteError;
use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapping::Mapping;
use crate::shim::rewrite::parse::conflict_target::Arbiters;
use crate::shim::rewrite::source::edits::{Edits, Piece};
use crate::shim::rewrite::source::text::Text;

pub(crate) type Done<T = ()> = Result<T, RewriteError>;

/// Walks one text and collects its edits.
pub(crate) struct Rewriter<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) dialect: Dialect,
    pub(crate) mapping: &'a Mapping,
    pub(crate) edits: Edits,
    /// The conflict targets still to come.
    pub(crate) arbiters: Arbiters,
    /// The tokens of the statement that is walked, of several in the text.
    pub(crate) walked: Range<usize>,
    /// The tokens that end a `WITH` list.
    pub(crate) ends_of_with: Vec<usize>,
    /// The mapped tables in whose place a subquery of the code's columns is to stand: where the
    /// name is by which their columns are qualified.
    pub(crate) shown: Vec<usize>,
    /// Further ones, which the walk has found.
    pub(crate) wanted: Vec<usize>,
    /// Tokens with a mapped name that the walk has understood. One that is left over at the end
    /// was missed, and the statement is refused.
    pub(super) understood: Vec<bool>,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn new(
        text: Text<'a>,
        mapping: &'a Mapping,
        arbiters: Arbiters,
        shown: Vec<usize>,
    ) -> Self {
        let understood = vec![false; text.tokens().len()];
        Self {
            dialect: text.dialect,
            text,
            mapping,
            edits: Edits::default(),
            arbiters,
            walked: 0..0,
            ends_of_with: Vec::new(),
            shown,
            wanted: Vec::new(),
            understood,
        }
    }

    /// The bytes of an identifier, which is understood.
    pub(crate) fn place(&mut self, ident: &Ident) -> Done<Range<usize>> {
        let at = self.text.ident(ident)?;
        self.understood[at] = true;
        Ok(self.text.place(at))
    }

    /// Makes an identifier name a physical column, possibly after a table's name. Bytes that do so
    /// already stay, but on SQLite: there a double-quoted column that does not exist is a string.
    pub(crate) fn rename(
        &mut self,
        ident: &Ident,
        to: &Identifier,
        qualifier: Option<&str>,
    ) -> Done {
        let place = self.place(ident)?;
        let quoted = self.dialect.quote(to);
        let same = match self.dialect {
            Dialect::Sqlite => self.text.sql[place.clone()] == quoted,
            Dialect::Postgres | Dialect::Mysql => {
                self.dialect.same_column(&self.fold(ident), to.as_str())
            }
        };
        let new = match qualifier {
            Some(qualifier) => format!("{qualifier}.{quoted}"),
            None if same => return Ok(()),
            None => quoted,
        };
        self.edits.replace(place, vec![Piece::New(new)]);
        Ok(())
    }
}
