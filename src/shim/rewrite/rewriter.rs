//! The state of the walk through one text, and the edit that renames an identifier.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT email FROM users WHERE handle = $1
//! -- becomes
//! SELECT email FROM users WHERE "username" = $1
//! ```

use std::ops::Range;

use sqlparser::ast::Ident;

use super::{Result, RewriteError};
use crate::Dialect;
use crate::model::{ChangeName, Identifier};
use crate::shim::known_columns::KnownColumns;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::mapping::Mapping;
use crate::shim::rewrite::parse::InferenceClauses;
use crate::shim::rewrite::source::{Edits, Piece, Text};
use crate::shim::table_set::TableSet;

/// Walks one text and collects its edits.
pub(crate) struct Rewriter<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) dialect: Dialect,
    pub(crate) mapping: &'a Mapping,
    /// The columns of other tables, as far as the database was asked for them.
    pub(crate) known_columns: &'a KnownColumns,
    pub(crate) edits: Edits,
    /// The conflict targets still to come.
    pub(crate) inference_clauses: InferenceClauses,
    /// The tokens of the statement that is walked, of several in the text.
    pub(crate) current_tokens: Range<usize>,
    /// The tokens that end a `WITH` list.
    pub(crate) with_list_ends: Vec<usize>,
    /// The mapped tables for which a subquery of the code's columns is substituted: the first
    /// byte of the name by which their columns are qualified.
    pub(crate) substituted: Vec<usize>,
    /// Further ones, which the walk has found.
    pub(crate) to_substitute: Vec<usize>,
    /// An `INSERT` has `ON CONFLICT` or `ON DUPLICATE KEY UPDATE`.
    pub(super) has_upsert: bool,
    /// The changes that are about to drop a column that the text names.
    pub(super) names_dropped: Vec<ChangeName>,
    /// The tables that a statement surely opens, of those whose columns may be renamed.
    pub(super) opened: TableSet,
    /// Tokens with a mapped name that the walk has understood. One that is left over at the end
    /// was missed, and the statement is refused.
    pub(super) understood: Vec<bool>,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn new(
        text: Text<'a>,
        mapping: &'a Mapping,
        known_columns: &'a KnownColumns,
        inference_clauses: InferenceClauses,
        substituted: Vec<usize>,
    ) -> Self {
        let understood = vec![false; text.tokens().len()];
        Self {
            dialect: text.dialect,
            text,
            mapping,
            known_columns,
            edits: Edits::default(),
            inference_clauses,
            current_tokens: 0..0,
            with_list_ends: Vec::new(),
            substituted,
            to_substitute: Vec::new(),
            has_upsert: false,
            names_dropped: Vec::new(),
            opened: TableSet::default(),
            understood,
        }
    }

    /// Notes that a statement opens a mapped table.
    pub(crate) fn opens(&mut self, table: &MappedTable) {
        if let Some(number) = self.mapping.number_of_unsettled(table) {
            self.opened.insert(number);
        }
    }

    /// The bytes of an identifier, which is understood.
    pub(crate) fn name_range(&mut self, ident: &Ident) -> Result<Range<usize>> {
        let at = self.text.ident(ident)?;
        self.understood[at] = true;
        Ok(self.text.range(at))
    }

    /// Makes a column reference read a renamed column, with the code's type. `parts` are all of its
    /// names.
    pub(crate) fn read_column(
        &mut self,
        parts: &[Ident],
        pair: &MappedColumn,
        qualifier: Option<&str>,
    ) -> Result {
        let Some(ident) = parts.last() else { return Err(RewriteError::misplaced("a name")) };
        let Some(around) = pair.read_around() else {
            return self.rename(ident, pair.read(), qualifier);
        };
        let bytes = self.name_range(ident)?;
        let all = self.idents_range(&parts.iter().collect::<Vec<_>>());
        if all.is_empty() {
            return Err(RewriteError::misplaced(ident.to_string()));
        }
        let before = match qualifier {
            Some(qualifier) => format!("{qualifier}."),
            None => self.text.sql[all.start..bytes.start].to_owned(),
        };
        let column = format!("{before}{}", self.dialect.quote(pair.read()));
        self.edits.replace(all, vec![Piece::New(around.fill(&column))]);
        Ok(())
    }

    /// Makes an identifier name a physical column, possibly after a table's name. Bytes that do so
    /// already stay, but on SQLite: there a double-quoted column that does not exist is a string.
    pub(crate) fn rename(
        &mut self,
        ident: &Ident,
        to: &Identifier,
        qualifier: Option<&str>,
    ) -> Result {
        let range = self.name_range(ident)?;
        self.report_if_dropped(to);
        let quoted = self.dialect.quote(to);
        let same = match self.dialect {
            Dialect::Sqlite => self.text.sql[range.clone()] == quoted,
            Dialect::Postgres | Dialect::MariaDb => {
                self.dialect.same_column(&self.fold(ident), to.as_str())
            }
        };
        let new = match qualifier {
            Some(qualifier) => format!("{qualifier}.{quoted}"),
            None if same => return Ok(()),
            None => quoted,
        };
        self.edits.replace(range, vec![Piece::New(new)]);
        Ok(())
    }
}
