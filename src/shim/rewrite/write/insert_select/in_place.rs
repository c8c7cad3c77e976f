//! Writes values of the query of an insert twice where they are.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (id, handle) SELECT pid, lower(author) FROM posts
//! -- becomes
//! INSERT INTO users (id, "handle", "username")
//! SELECT pid, lower(author), lower(author)
//! FROM posts
//! ```

use sqlparser::ast::{
    Expr, GroupByExpr, OrderByKind, Query, Select, SelectItem, SetExpr, Value, Values,
};
use sqlparser::parser::Parser;

use crate::shim::rewrite::read::Items;
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::write::column_pair_values::value_for;
use crate::shim::rewrite::write::{DualColumn, is_stable};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Returns true if the values at some positions of a query can be written twice where they are.
    pub(crate) fn is_plain(&self, query: &Query, dual: &[DualColumn<'_>]) -> bool {
        let by_name = query.order_by.as_ref().is_none_or(|order| {
            matches!(&order.kind, OrderByKind::Expressions(items)
                if items.iter().all(|item| !is_position(&item.expr)))
        });
        by_name && self.is_plain_body(&query.body, dual)
    }

    fn is_plain_body(&self, body: &SetExpr, dual: &[DualColumn<'_>]) -> bool {
        match body {
            SetExpr::Values(values) => {
                let mut taken = values
                    .rows
                    .iter()
                    .flat_map(|row| dual.iter().map(|DualColumn { at, .. }| row.content.get(*at)));
                taken.all(|value| value.is_none_or(is_stable))
            }
            SetExpr::Select(select) => {
                let star = select.projection.iter().any(|item| {
                    matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
                });
                let by_position = matches!(&select.group_by, GroupByExpr::Expressions(exprs, _)
                    if exprs.iter().any(is_position));
                let mut taken = dual.iter().map(|DualColumn { at, .. }| select.projection.get(*at));
                !star
                    && !by_position
                    && taken.all(|item| match item {
                        Some(
                            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. },
                        ) => is_stable(expr),
                        _ => true,
                    })
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.is_plain_body(left, dual) && self.is_plain_body(right, dual)
            }
            SetExpr::Query(query) => query.with.is_none() && self.is_plain(query, dual),
            _ => false,
        }
    }

    /// Doubles the values at some positions in every part of the query that gives them.
    pub(crate) fn duplicate_in(
        &mut self,
        body: &SetExpr,
        count: usize,
        dual: &[DualColumn<'_>],
    ) -> Result {
        match body {
            SetExpr::Values(values) => {
                check_lengths(values, count)?;
                self.duplicate_in_rows(values, dual, &[]).map(drop)
            }
            SetExpr::Select(select) => self.duplicate_in_select(select, count, dual),
            SetExpr::SetOperation { left, right, .. } => {
                self.duplicate_in(left, count, dual)?;
                self.duplicate_in(right, count, dual)
            }
            SetExpr::Query(query) => self.duplicate_in(&query.body, count, dual),
            _ => Err(RewriteError::unsupported("an INSERT from this source")),
        }
    }

    fn duplicate_in_select(
        &mut self,
        select: &Select,
        count: usize,
        dual: &[DualColumn<'_>],
    ) -> Result {
        let items = Items::of_select(select);
        if count != items.items.len() {
            return Err(RewriteError::unsupported("not as many values as columns"));
        }
        let ranges = self.item_ranges(&items)?;
        for DualColumn { at, pair } in dual {
            let (Some(item), Some(range)) = (items.items.get(*at), ranges.get(*at)) else {
                return Err(RewriteError::unsupported("not as many values as columns"));
            };
            let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item
            else {
                return Err(RewriteError::unsupported("an INSERT from this projection"));
            };
            let misplaced = || RewriteError::misplaced("the projection");
            let first = (0..self.text.tokens().len())
                .find(|token| self.text.range(*token).start == range.start)
                .ok_or_else(misplaced)?;
            let (parsed, tokens) = self
                .text
                .parse(first, self.text.tokens().len(), Parser::parse_expr)
                .ok_or_else(misplaced)?;
            if parsed != *expr {
                return Err(misplaced());
            }
            let value = self.text.range_of(tokens);
            // The name of an item stays with its first value: `ORDER BY` may say it.
            let named = [Piece::Copy(value.end..range.end)];
            let mut pieces = Vec::new();
            for (number, side) in pair.written_sides().enumerate() {
                if number > 0 {
                    pieces.push(Piece::New(", ".to_owned()));
                }
                pieces.append(&mut value_for(pair, side, &[Piece::Copy(value.clone())], false));
                if number == 0 && value.end < range.end {
                    pieces.extend_from_slice(&named);
                }
            }
            self.edits.replace(range.clone(), pieces);
        }
        Ok(())
    }
}

pub(crate) fn check_lengths(values: &Values, count: usize) -> Result {
    if values.rows.iter().any(|row| count != row.content.len()) {
        return Err(RewriteError::unsupported("rows not as long as the column list"));
    }
    Ok(())
}

fn is_position(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)))
}
