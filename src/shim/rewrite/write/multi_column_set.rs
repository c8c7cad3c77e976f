//! Maps an assignment to several columns: `SET (a, b) = …`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET (email, handle) = ($1, $2)
//! -- becomes
//! UPDATE users SET (email, "handle", "username") = ($1, $2, $2)
//! ```

use std::ops::Range;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName};
use sqlparser::tokenizer::Token;

use super::column_pair_values::{value_for, values_for};
use super::earlier_assignment::EarlierAssignment;
use super::subexpressions::is_default_keyword;
use super::target::SetTarget;
use super::volatility::is_stable;
use crate::model::Identifier;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::rewrite::read::names_row;
use crate::shim::rewrite::resolve::{ExprContext, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// An assignment to several columns.
#[derive(Clone, Copy)]
pub(super) struct MultiColumnAssignment<'e> {
    pub(super) names: &'e [ObjectName],
    pub(super) value: &'e Expr,
    /// A token behind the assignment.
    pub(super) until: usize,
}

/// One of its columns.
struct TargetColumn<'e, 'm> {
    ident: &'e Ident,
    /// The bytes of its whole name.
    name: Range<usize>,
    pair: Option<&'m MappedColumn>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn assign_multiple<'e>(
        &mut self,
        tuple: &MultiColumnAssignment<'e>,
        seen: &mut Vec<EarlierAssignment<'e, 'a>>,
        target: SetTarget<'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let MultiColumnAssignment { names, value, until } = *tuple;
        self.expr(value, context)?;
        let columns = self.target_columns(tuple, seen, target, context)?;
        let numbered = columns.iter().enumerate();
        let dual: Vec<(usize, &MappedColumn)> = numbered
            .filter_map(|(at, column)| Some((at, column.pair.filter(|pair| pair.changes_value())?)))
            .collect();
        let Some(last) = columns.last().filter(|_| !dual.is_empty()) else {
            return self.rename_target_columns(&columns);
        };
        for column in &columns {
            if self.subscripted_range(column.ident)?.1 {
                return Err(RewriteError::unsupported(
                    "a part of one column and all of a column that is written twice, in one list",
                ));
            }
        }
        let mut bytes = self.assigned_value(last.ident, value, until)?;
        if let Expr::Subquery(_) = value {
            self.select_dual(bytes, names.len(), &dual);
            return self.rename_target_columns(&columns);
        }
        let values = row_values(value)
            .ok_or_else(|| RewriteError::unsupported("several columns set from one value"))?;
        if let Expr::Function(_) = value {
            // Behind `ROW`.
            bytes.start += self.text.sql[bytes.clone()].find('(').unwrap_or_default();
        }
        let items = self.list_item_ranges(bytes.clone(), values.len())?;
        if values.len() != columns.len() {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        let default = |at: usize| {
            columns[at].pair.is_some_and(|pair| Self::default_of(pair, values[at]).is_some())
        };
        if dual.iter().all(|(at, _)| is_stable(values[*at]) && !default(*at)) {
            for (at, pair) in dual {
                let value = [Piece::Copy(items[at].clone())];
                let pieces = values_for(pair, &value, is_default_keyword(values[at]));
                self.edits.replace(items[at].clone(), pieces);
            }
            return self.rename_target_columns(&columns);
        }
        self.one_by_one(&columns, &items, &values, bytes.end, context)
    }

    /// The columns in the parentheses; notes the renamed ones among those that have been set.
    fn target_columns<'e>(
        &mut self,
        tuple: &MultiColumnAssignment<'e>,
        seen: &mut Vec<EarlierAssignment<'e, 'a>>,
        target: SetTarget<'a>,
        context: ExprContext<'_, 'a>,
    ) -> Result<Vec<TargetColumn<'e, 'a>>> {
        let mut columns = Vec::with_capacity(tuple.names.len());
        for name in tuple.names {
            self.leave_name_unchanged(name)?;
            let assigned = self.assigned(name, target, context)?;
            let parts = idents(name).unwrap_or_default();
            let ident = parts.last().copied().ok_or_else(|| RewriteError::misplaced("a name"))?;
            let pair = assigned.map(|(pair, _)| pair);
            if let Some(pair) = pair
                && !self.is_subscripted(ident, pair)?
            {
                if seen.iter().any(|earlier| earlier.pair == pair) {
                    return Err(self.conflicting(pair));
                }
                seen.push(EarlierAssignment { pair, value: tuple.value });
            }
            columns.push(TargetColumn { ident, name: self.idents_range(&parts), pair });
        }
        Ok(columns)
    }

    /// Names the columns written instead of each renamed one.
    fn rename_target_columns(&mut self, columns: &[TargetColumn<'_, 'a>]) -> Result {
        for TargetColumn { ident, pair, .. } in columns {
            let Some(pair) = pair else { continue };
            let written: Vec<&Identifier> = pair.written().collect();
            if let [only] = written.as_slice() {
                self.rename(ident, only, None)?;
            } else {
                let bytes = self.name_range(ident)?;
                self.edits.replace(bytes, vec![Piece::New(self.quoted_list(&written))]);
            }
        }
        Ok(())
    }

    /// Makes an assignment of each element: one that may differ when it is computed twice needs a
    /// query of its own, and parameters keep the types of their columns.
    fn one_by_one(
        &mut self,
        columns: &[TargetColumn<'_, 'a>],
        items: &[Range<usize>],
        values: &[&Expr],
        end: usize,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let first = columns.first().ok_or_else(|| RewriteError::misplaced("a name"))?;
        let open = self.text.trimmed(0, self.text.ident(first.ident)?).saturating_sub(1);
        if !self.text.is(open, &Token::LParen) {
            return Err(RewriteError::misplaced(first.ident.to_string()));
        }
        let mut pieces = Vec::new();
        for (at, (TargetColumn { name, pair, .. }, item)) in columns.iter().zip(items).enumerate() {
            if at > 0 {
                pieces.push(Piece::New(", ".to_owned()));
            }
            let written: Vec<&Identifier> = pair.iter().flat_map(|pair| pair.written()).collect();
            let default = pair.and_then(|pair| Self::default_of(pair, values[at]));
            let again = default.is_none() && is_stable(values[at]);
            match pair {
                Some(pair) if written.len() > 1 && !again => {
                    let value = default.unwrap_or_else(|| Piece::Copy(item.clone()));
                    pieces.append(&mut self.assign_once(pair, value, context)?);
                }
                Some(pair) => {
                    let is_default = is_default_keyword(values[at]);
                    for (number, side) in pair.written_sides().enumerate() {
                        let comma = if number > 0 { ", " } else { "" };
                        let column = self.dialect.quote(pair.side(side));
                        pieces.push(Piece::New(format!("{comma}{column} = ")));
                        let value = [Piece::Copy(item.clone())];
                        pieces.append(&mut value_for(pair, side, &value, is_default));
                    }
                }
                None => {
                    pieces.push(Piece::Copy(name.clone()));
                    pieces.push(Piece::New(" = ".to_owned()));
                    pieces.push(Piece::Copy(item.clone()));
                }
            }
        }
        self.edits.replace(self.text.range(open).start..end, pieces);
        Ok(())
    }
}

/// The elements of `(x, y)` or `ROW(x, y)`.
fn row_values(value: &Expr) -> Option<Vec<&Expr>> {
    match value {
        Expr::Tuple(values) => Some(values.iter().collect()),
        Expr::Function(function) if names_row(&function.name) => {
            let FunctionArguments::List(list) = &function.args else { return None };
            let item = |arg| match arg {
                &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
                _ => None,
            };
            list.args.iter().map(item).collect()
        }
        _ => None,
    }
}
