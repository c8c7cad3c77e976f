//! Maps the operands of operators, and of functions with a syntax of their own.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM users WHERE handle LIKE $1 AND trim(handle) <> ''
//! -- becomes
//! SELECT id FROM users WHERE "username" LIKE $1 AND trim("username") <> ''
//! ```

use sqlparser::ast::{Expr, Ident};

use crate::shim::rewrite::resolve::{ExprContext, idents};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// The operators that take nothing but expressions.
    pub(super) fn operands(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
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
            | Expr::Floor { expr: e, .. } => self.expr(e, context),
            Expr::IsDistinctFrom(a, b)
            | Expr::IsNotDistinctFrom(a, b)
            | Expr::BinaryOp { left: a, right: b, .. }
            | Expr::AnyOp { left: a, right: b, .. }
            | Expr::AllOp { left: a, right: b, .. }
            | Expr::InUnnest { expr: a, array_expr: b, .. }
            | Expr::RLike { expr: a, pattern: b, .. }
            | Expr::AtTimeZone { timestamp: a, time_zone: b }
            | Expr::Position { expr: a, r#in: b } => self.exprs([a.as_ref(), b.as_ref()], context),
            Expr::MemberOf(of) => self.exprs([of.value.as_ref(), of.array.as_ref()], context),
            Expr::InList { expr, list, .. } => {
                self.expr(expr, context)?;
                self.exprs(list, context)
            }
            Expr::Between { expr, low, high, .. } => {
                self.exprs([expr.as_ref(), low.as_ref(), high.as_ref()], context)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.exprs(operand.as_deref(), context)?;
                for when in conditions {
                    self.expr(&when.condition, context)?;
                    self.expr(&when.result, context)?;
                }
                self.exprs(else_result.as_deref(), context)
            }
            _ => self.string_operands(expr, context),
        }
    }

    /// The operators and functions on strings that have a syntax of their own.
    fn string_operands(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
        match expr {
            Expr::Like { expr, pattern, escape_char, .. }
            | Expr::ILike { expr, pattern, escape_char, .. }
            | Expr::SimilarTo { expr, pattern, escape_char, .. } => {
                self.exprs([expr.as_ref(), pattern.as_ref()], context)?;
                self.exprs(escape_char.as_deref(), context)
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                self.expr(expr, context)?;
                self.exprs(substring_from.as_deref(), context)?;
                self.exprs(substring_for.as_deref(), context)
            }
            Expr::Trim { trim_what, expr, trim_characters, .. } => {
                self.exprs(trim_what.as_deref(), context)?;
                self.expr(expr, context)?;
                self.exprs(trim_characters.iter().flatten(), context)
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.exprs([expr.as_ref(), overlay_what.as_ref(), overlay_from.as_ref()], context)?;
                self.exprs(overlay_for.as_deref(), context)
            }
            Expr::MatchAgainst { columns, .. } => {
                for column in columns {
                    let parts = idents(column)
                        .ok_or_else(|| RewriteError::unsupported("a computed column name"))?;
                    let parts: Vec<Ident> = parts.into_iter().cloned().collect();
                    self.column(&parts, context)?;
                }
                Ok(())
            }
            // Forms of other databases, and those with names of their own inside. A form that the
            // parser learns later lands here too.
            _ => Err(RewriteError::unsupported("an expression of this form")),
        }
    }
}
