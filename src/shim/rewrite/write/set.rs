//! Maps a `SET` list: each renamed column becomes an assignment to every column written.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = $1, email = $2
//! -- becomes
//! UPDATE users SET "handle" = $1, "username" = $1, email = $2
//! ```

use std::ops::Range;

use sqlparser::ast::{Assignment, AssignmentTarget, Expr, Ident, ObjectName, Spanned};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::column_pair_values::value_for;
use super::earlier_assignment::EarlierAssignment;
use super::multi_column_set::MultiColumnAssignment;
use super::subexpressions::{has_positional_parameter, is_default_keyword, reads_columns};
use super::target::SetTarget;
use super::volatility::is_stable;
use crate::Dialect;
use crate::model::Side;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::resolve::{Binding, ExprContext, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// One assignment to a renamed column.
#[derive(Clone, Copy)]
pub(crate) struct ColumnAssignment<'e, 'n, 'm> {
    pub(crate) pair: &'m MappedColumn,
    pub(crate) parts: &'n [&'n Ident],
    pub(crate) value: &'e Expr,
    /// A token behind the assignment.
    pub(crate) until: usize,
}

impl<'a> Rewriter<'a> {
    /// Maps a `SET` list: each renamed column becomes an assignment to every column written.
    pub(super) fn assignments(
        &mut self,
        list: &[Assignment],
        target: SetTarget<'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let mut seen = Vec::new();
        for (at, assignment) in list.iter().enumerate() {
            let until = list.get(at + 1).and_then(|next| self.first_token(&next.target));
            let until = until.unwrap_or(self.text.tokens().len());
            match &assignment.target {
                AssignmentTarget::ColumnName(name) => {
                    let Some((pair, parts)) = self.assigned(name, target, context)? else {
                        self.leave_name_unchanged(name)?;
                        self.expr(&assignment.value, context)?;
                        continue;
                    };
                    let set =
                        ColumnAssignment { pair, parts: &parts, value: &assignment.value, until };
                    self.set(&set, &mut seen, target, context)?;
                }
                AssignmentTarget::Tuple(names) => {
                    let tuple = MultiColumnAssignment { names, value: &assignment.value, until };
                    self.assign_multiple(&tuple, &mut seen, target, context)?;
                }
            }
        }
        Ok(())
    }

    fn first_token(&self, target: &AssignmentTarget) -> Option<usize> {
        let first = match target {
            AssignmentTarget::ColumnName(name) => name,
            AssignmentTarget::Tuple(names) => names.first()?,
        };
        self.text.ident(idents(first)?.first()?).ok()
    }

    /// The renamed column that the left side of an assignment means.
    pub(super) fn assigned<'n>(
        &self,
        name: &'n ObjectName,
        target: SetTarget<'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result<Option<(&'a MappedColumn, Vec<&'n Ident>)>> {
        let parts =
            idents(name).ok_or_else(|| RewriteError::unsupported("a computed column name"))?;
        let Some((ident, qualifiers)) = parts.split_last() else { return Ok(None) };
        let table = match target {
            SetTarget::Table(table) | SetTarget::AlsoRead(table) => table,
            SetTarget::Several => {
                let owned: Vec<Ident> = parts.iter().map(|part| (*part).clone()).collect();
                return Ok(match self.bind(&owned, context)? {
                    Binding::Column(pair, _) => Some((pair, parts)),
                    Binding::Neighbour { .. } => {
                        let name = self.fold(ident);
                        return Err(RewriteError::ambiguous(name, "more than one table has it"));
                    }
                    _ => None,
                });
            }
        };
        if self.dialect != Dialect::MariaDb && !qualifiers.is_empty() {
            // PostgreSQL reads `a.b` as the field `b` of the column `a`.
            if parts.iter().any(|part| self.is_mapped_column(&self.fold(part))) {
                return Err(RewriteError::unsupported("an assignment to a field"));
            }
            return Ok(None);
        }
        if let Some(table) = table {
            self.check_not_dropped(table, &self.fold(ident))?;
        }
        let pair = table.and_then(|table| table.column(self.dialect, &self.fold(ident)));
        Ok(pair.map(|pair| (pair, parts)))
    }

    fn set<'e>(
        &mut self,
        set: &ColumnAssignment<'e, '_, 'a>,
        seen: &mut Vec<EarlierAssignment<'e, 'a>>,
        target: SetTarget<'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let ColumnAssignment { pair, parts, value, until } = *set;
        let (Some(first), Some(ident)) = (parts.first(), parts.last()) else { return Ok(()) };
        self.leave_all_unchanged(parts.iter().copied())?;
        if self.is_subscripted(ident, pair)? {
            self.expr(value, context)?;
            return pair.written().try_for_each(|only| self.rename(ident, only, None));
        }
        if let Some(earlier) = seen.iter().find(|earlier| earlier.pair == pair) {
            return self.repeated(earlier, set);
        }
        seen.push(EarlierAssignment { pair, value });
        self.expr(value, context)?;
        if !pair.changes_value() {
            return pair.written().try_for_each(|only| self.rename(ident, only, None));
        }
        let sides: Vec<Side> = pair.written_sides().collect();
        let default = Self::default_of(pair, value).is_some();
        match target {
            SetTarget::Table(_) if sides.len() > 1 && (default || !is_stable(value)) => {
                return self.set_once(set, context);
            }
            SetTarget::Several | SetTarget::AlsoRead(_) if default => {
                return Err(RewriteError::unsupported(
                    "DEFAULT for a column that is written twice, where several tables are named",
                ));
            }
            _ => {}
        }
        // Of several tables only one is changed as it is read, so no column may take another.
        if sides.len() > 1 {
            check_stable(value)?;
        }
        let start = self.name_range(first)?.start;
        let name = self.name_range(ident)?;
        let given = self.assigned_value(ident, value, until)?;
        let end = given.end;
        let is_default = is_default_keyword(value);
        let mut pieces = Vec::new();
        for side in sides {
            if !pieces.is_empty() {
                pieces.push(Piece::New(", ".to_owned()));
            }
            pieces.push(Piece::Copy(start..name.start));
            pieces.push(Piece::New(self.dialect.quote(pair.side(side))));
            pieces.push(Piece::Copy(name.end..given.start));
            pieces.append(&mut value_for(pair, side, &[Piece::Copy(given.clone())], is_default));
        }
        self.edits.replace(start..end, pieces);
        Ok(())
    }

    /// The second of two assignments to the two names of one column: it is dropped where it is
    /// certain that both set the same value.
    fn repeated(
        &mut self,
        earlier: &EarlierAssignment<'_, 'a>,
        set: &ColumnAssignment<'_, '_, 'a>,
    ) -> Result {
        let ColumnAssignment { pair, parts, value, until } = *set;
        let (Some(first), Some(ident)) = (parts.first(), parts.last()) else { return Ok(()) };
        let same = earlier.value == value
            && is_stable(value)
            && !has_positional_parameter(value)
            // MySQL assigns from left to right, so the second may see what the first has set.
            && !(self.dialect == Dialect::MariaDb && reads_columns(value));
        if !same {
            return Err(self.conflicting(pair));
        }
        let at = self.text.ident(first)?;
        let comma = self.text.trimmed(0, at).saturating_sub(1);
        if !self.text.is(comma, &Token::Comma) {
            return Err(RewriteError::misplaced(ident.to_string()));
        }
        let end = self.assigned_value(ident, value, until)?.end;
        let start = self.text.range(comma).start;
        let value_tokens = at..self.text.tokens().len();
        let covered: Vec<usize> =
            value_tokens.take_while(|token| self.text.range(*token).start < end).collect();
        if let (Some(first), Some(last)) = (covered.first(), covered.last()) {
            self.leave_tokens_unchanged(*first..last + 1);
        }
        self.edits.replace(start..end, Vec::new());
        Ok(())
    }

    pub(super) fn conflicting(&self, pair: &MappedColumn) -> RewriteError {
        let table = self.mapping.tables().iter().find(|table| table.columns.contains(pair));
        RewriteError::Conflicting {
            table: table.map(|table| table.table.to_string()).unwrap_or_default(),
            from: pair.from.to_string(),
            to: pair.to.to_string(),
            sql: String::new(),
        }
    }

    /// The bytes of the value behind `column =`.
    pub(crate) fn assigned_value(
        &self,
        column: &Ident,
        value: &Expr,
        until: usize,
    ) -> Result<Range<usize>> {
        let misplaced = || RewriteError::misplaced(column.to_string());
        let mut at = self.text.next(self.text.ident(column)? + 1);
        if self.text.is(at, &Token::RParen) {
            at = self.text.next(at + 1);
        }
        if !self.text.is(at, &Token::Eq) {
            return Err(misplaced());
        }
        let (parsed, tokens) =
            self.text.parse(at + 1, until, Parser::parse_expr).ok_or_else(misplaced)?;
        if parsed != *value || parsed.span() != value.span() {
            return Err(misplaced());
        }
        Ok(self.text.range_of(tokens))
    }
}

/// Refuses a value that would be computed twice and might differ.
fn check_stable(value: &Expr) -> Result {
    if is_stable(value) {
        return Ok(());
    }
    Err(RewriteError::unsupported(
        "a value that may differ when computed twice, for a column that is written twice",
    ))
}
