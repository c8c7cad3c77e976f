//! Maps the column references in an expression of any kind.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM users WHERE CASE WHEN handle = $1 THEN true END
//! -- becomes
//! SELECT id FROM users WHERE CASE WHEN "username" = $1 THEN true END
//! ```

use sqlparser::ast::{Expr, Interval, Query, Value, ValueWithSpan};

use super::naming::Naming;
use crate::shim::rewrite::resolve::ExprContext;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps every column reference in an expression.
    pub(crate) fn expr(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
        stacker::maybe_grow(RED_ZONE, STACK, || self.expr_inner(expr, context))
    }

    pub(crate) fn exprs<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        exprs.into_iter().try_for_each(|expr| self.expr(expr, context))
    }

    fn expr_inner(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
        match expr {
            Expr::Value(value) => {
                self.leave_string_unchanged(value);
                Ok(())
            }
            Expr::TypedString(string) => self.leave_type_unchanged(&string.data_type),
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident), context).map(drop),
            Expr::CompoundIdentifier(parts) => self.column(parts, context).map(drop),
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.access(root, access_chain, context)
            }
            Expr::Function(function) => self.function(function, context),
            Expr::Subquery(query) => self.subquery(query, context),
            Expr::Exists { subquery, .. } => {
                self.query(subquery, context.env(), Naming::Exists).map(drop)
            }
            Expr::InSubquery { expr, subquery, .. } => {
                self.expr(expr, context)?;
                self.subquery(subquery, context)
            }
            Expr::Cast { expr, data_type, format: None, .. } => {
                self.leave_type_unchanged(data_type)?;
                self.expr(expr, context)
            }
            Expr::Convert { expr, data_type, charset, styles, .. } => {
                if let Some(data_type) = data_type {
                    self.leave_type_unchanged(data_type)?;
                }
                if let Some(charset) = charset {
                    self.leave_name_unchanged(charset)?;
                }
                self.expr(expr, context)?;
                self.exprs(styles, context)
            }
            Expr::Collate { expr, collation } => {
                self.leave_name_unchanged(collation)?;
                self.expr(expr, context)
            }
            Expr::Prefixed { prefix, value } => {
                self.leave_unchanged(prefix)?;
                self.expr(value, context)
            }
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => self.row(expr, context),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                self.exprs(sets.iter().flatten(), context)
            }
            Expr::Tuple(list) => self.value_list(list, context),
            Expr::Array(array) => self.exprs(&array.elem, context),
            Expr::Interval(Interval { value, .. }) => self.expr(value, context),
            _ => self.operands(expr, context),
        }
    }

    /// Notes that MariaDB's `"a"` is a string: no session has `ANSI_QUOTES`, or the shim refuses it.
    fn leave_string_unchanged(&mut self, value: &ValueWithSpan) {
        if matches!(value.value, Value::DoubleQuotedString(_))
            && let Some(at) = self.text.token_at(value.span)
        {
            self.leave_tokens_unchanged(at..at + 1);
        }
    }

    /// A query whose columns are not seen by name from outside.
    pub(super) fn subquery(&mut self, query: &Query, context: ExprContext<'_, 'a>) -> Result {
        self.query(query, context.env(), Naming::Unseen).map(drop)
    }

    /// `*` or `table.*` as a value.
    pub(crate) fn row(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
        match expr {
            Expr::QualifiedWildcard(name, _) => self.star_as_value(name, context),
            _ if context.scope.mapped().next().is_some() => {
                Err(RewriteError::unsupported("a whole row as a value"))
            }
            _ => Ok(()),
        }
    }
}

/// Less stack left than this, and the walk goes on in a new piece of [`STACK`] bytes: the parser
/// makes chains such as `a OR b OR …` as deep as they are long.
const RED_ZONE: usize = 128 * 1024;

const STACK: usize = 2 * 1024 * 1024;
