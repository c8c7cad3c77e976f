use sqlparser::ast::{AccessExpr, Expr, Subscript};

use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// `table.column[1]`, `(row).field`.
    pub(super) fn access(
        &mut self,
        root: &Expr,
        chain: &[AccessExpr],
        place: Place<'_, 'a>,
    ) -> Done {
        let mut rest = chain;
        if let Some(fields) = self.row_field(root, chain, place)? {
            rest = fields;
        } else if let Expr::Identifier(first) = root {
            let mut parts = vec![first.clone()];
            while let [AccessExpr::Dot(Expr::Identifier(part)), others @ ..] = rest {
                parts.push(part.clone());
                rest = others;
            }
            self.column(&parts, place)?;
        } else {
            self.expr(root, place)?;
        }
        for access in rest {
            match access {
                AccessExpr::Dot(Expr::Identifier(field)) => {
                    if self.is_mapped_column(&self.fold(field)) {
                        return Err(RewriteError::unsupported("a renamed column as a field"));
                    }
                    self.keep(field)?;
                }
                AccessExpr::Dot(_) => {
                    return Err(RewriteError::unsupported("an expression as a field"));
                }
                AccessExpr::Subscript(Subscript::Index { index }) => self.expr(index, place)?,
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
                    self.exprs([lower_bound, upper_bound, stride].into_iter().flatten(), place)?;
                }
            }
        }
        Ok(())
    }
}
