//! Maps fields and subscripts behind a column or a row: `column[1]`, `(row).field`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT (users).handle FROM users
//! -- becomes
//! SELECT (users)."username" AS "handle" FROM users
//! ```

use sqlparser::ast::{AccessExpr, Expr, Subscript};

use crate::shim::rewrite::resolve::ExprContext;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// `table.column[1]`, `(row).field`.
    pub(super) fn access(
        &mut self,
        root: &Expr,
        chain: &[AccessExpr],
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let mut rest = chain;
        if let Some(fields) = self.row_field(root, chain, context)? {
            rest = fields;
        } else if let Expr::Identifier(first) = root {
            let mut parts = vec![first.clone()];
            while let [AccessExpr::Dot(Expr::Identifier(part)), others @ ..] = rest {
                parts.push(part.clone());
                rest = others;
            }
            self.column(&parts, context)?;
        } else {
            self.expr(root, context)?;
        }
        for access in rest {
            match access {
                AccessExpr::Dot(Expr::Identifier(field)) => {
                    if self.is_mapped_column(&self.fold(field)) {
                        return Err(RewriteError::unsupported("a renamed column as a field"));
                    }
                    self.leave_unchanged(field)?;
                }
                AccessExpr::Dot(_) => {
                    return Err(RewriteError::unsupported("an expression as a field"));
                }
                AccessExpr::Subscript(Subscript::Index { index }) => self.expr(index, context)?,
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
                    self.exprs([lower_bound, upper_bound, stride].into_iter().flatten(), context)?;
                }
            }
        }
        Ok(())
    }
}
