//! Maps the list of columns of an insert, or writes the one that is not there.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users VALUES ($1, $2)
//! -- becomes
//! INSERT INTO users ("id", "handle", "username") VALUES ($1, $2, $2)
//! ```

use sqlparser::ast::{Ident, Insert, ObjectName, Query, SetExpr, TableObject};
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::resolve::{Outputs, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// A column of an insert whose value is written twice, or converted.
#[derive(Clone, Copy)]
pub(crate) struct DualColumn<'m> {
    /// Its position in the rows.
    pub(crate) at: usize,
    pub(crate) pair: &'m MappedColumn,
}

impl<'a> Rewriter<'a> {
    /// Puts a list of columns behind the target, instead of MariaDB's empty one where that is.
    pub(super) fn put_list(&mut self, insert: &Insert, list: String) -> Result {
        let target = last_ident(insert).ok_or_else(|| RewriteError::misplaced("INTO"))?;
        let bytes = self.name_range(target)?;
        let open = self.text.next(self.text.ident(target)? + 1);
        let close = self.text.next(open + 1);
        let empty = self.text.is(open, &Token::LParen) && self.text.is(close, &Token::RParen);
        let end = if empty { self.text.range(close).end } else { bytes.end };
        self.edits.replace(bytes.start..end, vec![Piece::Copy(bytes), Piece::New(list)]);
        Ok(())
    }

    /// How many values an insert without a column list gives. PostgreSQL takes fewer than there are
    /// columns; elsewhere it has to be one for each, so the number is known of any query.
    pub(super) fn value_count(
        &self,
        source: &Query,
        outputs: Option<&Outputs<'_>>,
        table: &'a MappedTable,
    ) -> Result<usize> {
        let known = if let SetExpr::Values(values) = source.body.as_ref() {
            let mut lengths = values.rows.iter().map(|row| row.content.len());
            let first = lengths.next().unwrap_or_default();
            if lengths.any(|length| length != first) {
                return Err(RewriteError::unsupported("rows of different lengths"));
            }
            Some(first)
        } else {
            outputs.and_then(Outputs::count)
        };
        match known {
            Some(count) if count == 0 || self.dialect == Dialect::Postgres => Ok(count),
            None if self.dialect == Dialect::Postgres => Err(RewriteError::unsupported(
                "an INSERT by position of an unknown number of columns; name them",
            )),
            known => {
                let count = self.by_position(table)?.len();
                if known.is_some_and(|known| known != count) {
                    return Err(RewriteError::unsupported("not as many values as columns"));
                }
                Ok(count)
            }
        }
    }

    /// The columns that an insert without a column list is for, of each renamed pair only one.
    fn by_position(&self, table: &'a MappedTable) -> Result<Vec<&'a String>> {
        let mut columns = self.logical_columns(table)?;
        columns.retain(|own| !self.is_among(own, &table.generated));
        Ok(columns)
    }

    /// The columns that values without a list are for; notes those that are written twice.
    pub(super) fn list_by_position(
        &self,
        table: &'a MappedTable,
        count: usize,
        dual: &mut Vec<DualColumn<'a>>,
    ) -> Result<String> {
        let columns = self.by_position(table)?;
        if count > columns.len() {
            return Err(RewriteError::unsupported("more values than columns"));
        }
        let mut list = Vec::new();
        for (at, column) in columns.into_iter().take(count).enumerate() {
            match table.column(self.dialect, column) {
                Some(pair) => list.push(self.written_columns(pair, at, dual)),
                None => list.push(self.dialect.quote(&Self::identifier(column)?)),
            }
        }
        Ok(format!(" ({})", list.join(", ")))
    }

    /// Maps the columns of an insert's list; notes those that are written twice.
    pub(super) fn column_list(
        &mut self,
        columns: &[ObjectName],
        table: &'a MappedTable,
        dual: &mut Vec<DualColumn<'a>>,
    ) -> Result {
        let mut seen: Vec<&MappedColumn> = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let Some((ident, pair)) = self.inserted_column(column, table)? else { continue };
            if !self.is_subscripted(ident, pair)? {
                if seen.contains(&pair) {
                    return Err(self.conflicting(pair));
                }
                seen.push(pair);
            }
            if !pair.changes_value() {
                pair.written().try_for_each(|only| self.rename(ident, only, None))?;
                continue;
            }
            let list = self.written_columns(pair, at, dual);
            let bytes = self.name_range(ident)?;
            self.edits.replace(bytes, vec![Piece::New(list)]);
        }
        Ok(())
    }

    /// The columns to write for a pair at a position, which is noted if there are two.
    fn written_columns(
        &self,
        pair: &'a MappedColumn,
        at: usize,
        dual: &mut Vec<DualColumn<'a>>,
    ) -> String {
        let written: Vec<&Identifier> = pair.written().collect();
        if pair.changes_value() {
            dual.push(DualColumn { at, pair });
        }
        self.quoted_list(&written)
    }

    fn inserted_column<'n>(
        &mut self,
        column: &'n ObjectName,
        table: &'a MappedTable,
    ) -> Result<Option<(&'n Ident, &'a MappedColumn)>> {
        self.leave_name_unchanged(column)?;
        let parts = idents(column).unwrap_or_default();
        match parts.as_slice() {
            [ident] => {
                let name = self.fold(ident);
                self.check_not_dropped(table, &name)?;
                Ok(table.column(self.dialect, &name).map(|pair| (*ident, pair)))
            }
            parts if parts.iter().any(|part| self.is_mapped_column(&self.fold(part))) => {
                Err(RewriteError::unsupported("a qualified name in a column list"))
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn quoted_list(&self, columns: &[&Identifier]) -> String {
        columns.iter().map(|column| self.dialect.quote(column)).collect::<Vec<_>>().join(", ")
    }
}

/// The last identifier before a column list.
pub(crate) fn last_ident(insert: &Insert) -> Option<&Ident> {
    match (&insert.table_alias, &insert.table) {
        (Some(alias), _) => Some(&alias.alias),
        (None, TableObject::TableName(name)) => idents(name)?.last().copied(),
        _ => None,
    }
}
