//! Puts another query around that of an insert, so that it is computed once: its values differ each
//! time, or are not seen.
//!
//! Given in `dual_write` on MariaDB:
//!
//! ```sql
//! INSERT INTO users (handle) SELECT uuid() FROM posts LIMIT 2
//! -- becomes
//! INSERT INTO users (`handle`, `username`)
//! WITH once(c0) AS (SELECT uuid() FROM posts LIMIT 2)
//! SELECT c0, c0
//! FROM once
//! ```

use std::ops::Range;

use sqlparser::ast::{Assignment, Ident, Insert, OnInsert, Query};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::resolve::idents;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::column_pair_values::texts_for;
use crate::shim::rewrite::write::{DualColumn, last_ident, names_only};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// The byte ranges of the query of an insert.
pub(super) struct SourceQuery {
    /// The whole query.
    pub(super) bytes: Range<usize>,
    /// The end of its `WITH` list.
    pub(super) with_end: Option<usize>,
    /// The start of the query behind that list.
    pub(super) body: usize,
}

impl SourceQuery {
    /// The `WITH` list, which stays at the start: only there may it write.
    pub(super) fn with_list(&self) -> Option<Piece> {
        self.with_end.map(|end| Piece::Copy(self.bytes.start..end))
    }
}

/// The columns of the query by number: `c0`, `c1`, ….
pub(super) struct Numbered {
    pub(super) names: Vec<String>,
    /// The names in the order in which the insert takes them, some of them twice.
    pub(super) read: Vec<String>,
    /// The number of columns that the query itself gives; omitted defaults follow.
    pub(super) given: usize,
    /// The expressions of these defaults, each after a comma.
    pub(super) defaults: String,
    /// The name of the new query.
    pub(super) query_name: String,
}

impl Rewriter<'_> {
    /// Puts a query around the one that gives the values, which is computed once: it takes the
    /// columns by their number, some of them twice.
    pub(crate) fn insert_query_once(
        &mut self,
        insert: &Insert,
        source: &Query,
        count: usize,
        dual: &[DualColumn<'_>],
        omitted: &[&MappedColumn],
    ) -> Result {
        if let Some(OnInsert::DuplicateKeyUpdate(set)) = &insert.on
            && !self.names_target_alone(set, insert, source)
        {
            return Err(RewriteError::unsupported(
                "ON DUPLICATE KEY UPDATE that may name columns of a query with `*` or values that \
                 may differ when computed twice",
            ));
        }
        let found = self.source_query(insert, source)?;
        let columns = self.numbered(count, dual, omitted);
        if self.dialect == Dialect::Postgres {
            return self.select_from_subquery(source, &found, columns, dual);
        }
        self.select_from_cte(source, &found, &columns);
        Ok(())
    }

    /// Finds the query of an insert in the text.
    fn source_query(&self, insert: &Insert, source: &Query) -> Result<SourceQuery> {
        let misplaced = || RewriteError::misplaced("the query of an INSERT");
        let start = self.start_of_source(insert).ok_or_else(misplaced)?;
        let end = self.text.tokens().len();
        let (parsed, tokens) =
            self.text.parse(start, end, Parser::parse_query).ok_or_else(misplaced)?;
        if *parsed != *source {
            return Err(misplaced());
        }
        let bytes = self.text.range_of(tokens);
        let with_end = match &source.with {
            None => None,
            Some(with) => {
                let last = with.cte_tables.last().ok_or_else(misplaced)?;
                let end = self.text.token_at(last.closing_paren_token.0.span);
                Some(self.text.range(end.ok_or_else(misplaced)?).end)
            }
        };
        let body = with_end
            .map_or(bytes.start, |end| self.text.range(self.text.next(self.text.after(end))).start);
        Ok(SourceQuery { bytes, with_end, body })
    }

    fn numbered(
        &self,
        given: usize,
        dual: &[DualColumn<'_>],
        omitted: &[&MappedColumn],
    ) -> Numbered {
        let names: Vec<String> = (0..given + omitted.len()).map(|at| format!("c{at}")).collect();
        let mut read = names.clone();
        let omitted_pairs = omitted.iter().enumerate().map(|(at, pair)| (given + at, *pair));
        for (at, pair) in dual.iter().map(|dual| (dual.at, dual.pair)).chain(omitted_pairs) {
            if let Some(read) = read.get_mut(at) {
                *read = texts_for(pair, &format!("c{at}"));
            }
        }
        let defaults: Vec<_> = omitted
            .iter()
            .filter_map(|pair| Some(format!(", ({})", pair.sent_default()?.sql)))
            .collect();
        Numbered { names, read, given, defaults: defaults.concat(), query_name: self.unused_name() }
    }

    /// Returns true if assignments have no names but the target's columns, qualified or in `VALUES`, so that
    /// none means a column of the query, which is not there any more once it is wrapped.
    fn names_target_alone(&self, set: &[Assignment], insert: &Insert, source: &Query) -> bool {
        let Some(target) = last_ident(insert).filter(|_| insert.insert_alias.is_none()) else {
            return false;
        };
        let name = self.fold(target);
        let own = |parts: &[Ident]| matches!(parts, [table, _] if self.same_table(&self.fold(table), &name));
        source.body.as_select().is_some()
            && !self.reads_from(&source.body, &name)
            && set.iter().all(|assignment| names_only(&assignment.value, &own))
    }

    /// The token behind the target and its columns.
    fn start_of_source(&self, insert: &Insert) -> Option<usize> {
        let mut at = self.text.ident(last_ident(insert)?).ok()?;
        if let Some(column) = insert.columns.last() {
            at = self.text.ident(idents(column)?.last()?).ok()?;
            at = self.text.next(at + 1);
            if !self.text.is(at, &Token::RParen) {
                return None;
            }
        }
        Some(at + 1)
    }
}
