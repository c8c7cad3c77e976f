use sqlparser::ast::{Expr, Ident};

use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// The operators that take nothing but expressions.
    pub(super) fn operands(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        match expr {
            Expr::IsFalse(e)
            | Expr::IsNotFalse(e)
            | Expr::IsTrue(e)
            | Expr::IsNotTrue(e)
            | Expr::IsNull(e)
            | Expr::IsNotNull(e)
            | Expr::IsUnknown(e)
            | Expr::IsNotUnknown(e)
            | Expr::Nested(e)
            | Expr::IsJson { expr: e, .. }
            | Expr::IsNormalized { expr: e, .. }
            | Expr::UnaryOp { expr: e, .. }
            | Expr::Extract { expr: e, .. }
            | Expr::Ceil { expr: e, .. }
            | Expr::Floor { expr: e, .. } => self.expr(e, place),
            Expr::IsDistinctFrom(a, b)
            | Expr::IsNotDistinctFrom(a, b)
            | Expr::BinaryOp { left: a, right: b, .. }
            | Expr::AnyOp { left: a, right: b, .. }
            | Expr::AllOp { left: a, right: b, .. }
            | Expr::InUnnest { expr: a, array_expr: b, .. }
            | Expr::RLike { expr: a, pattern: b, .. }
            | Expr::AtTimeZone { timestamp: a, time_zone: b }
            | Expr::Position { expr: a, r#in: b } => self.exprs([a.as_ref(), b.as_ref()], place),
            Expr::MemberOf(of) => self.exprs([of.value.as_ref(), of.array.as_ref()], place),
            Expr::InList { expr, list, .. } => {
                self.expr(expr, place)?;
                self.exprs(list, place)
            }
            Expr::Between { expr, low, high, .. } => {
                self.exprs([expr.as_ref(), low.as_ref(), high.as_ref()], place)
            }
            Expr::Like { expr, pattern, escape_char, .. }
            | Expr::ILike { expr, pattern, escape_char, .. }
            | Expr::SimilarTo { expr, pattern, escape_char, .. } => {
                self.exprs([expr.as_ref(), pattern.as_ref()], place)?;
                self.exprs(escape_char.as_deref(), place)
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                self.expr(expr, place)?;
                self.exprs(substring_from.as_deref(), place)?;
                self.exprs(substring_for.as_deref(), place)
            }
            Expr::Trim { trim_what, expr, trim_characters, .. } => {
                self.exprs(trim_what.as_deref(), place)?;
                self.expr(expr, place)?;
                self.exprs(trim_characters.iter().flatten(), place)
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.exprs([expr.as_ref(), overlay_what.as_ref(), overlay_from.as_ref()], place)?;
                self.exprs(overlay_for.as_deref(), place)
            }
            Expr::MatchAgainst { columns, .. } => {
                for column in columns {
                    let parts = idents(column)
                        .ok_or_else(|| RewriteError::unsupported("a computed column name"))?;
                    let parts: Vec<Ident> = parts.into_iter().cloned().collect();
                    self.column(&parts, place)?;
                }
                Ok(())
            }
            // Forms of other databases, and those with names of their own inside. A form that the
            // parser learns later lands here too.
            _ => Err(RewriteError::unsupported("an expression of this form")),
        }
    }
}
