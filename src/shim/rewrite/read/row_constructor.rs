//! Expands `table.*` in a list of values, in which it stands for the columns one by one.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT ROW(users.*, 1) FROM users
//! -- becomes
//! SELECT ROW(users."id", users."username", users."email", 1) FROM users
//! ```

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName};

use crate::Dialect;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::resolve::{Clause, ExprContext, RelationKind, idents, row_as_value};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps the values of `(a, b)`.
    pub(super) fn value_list(&mut self, list: &[Expr], context: ExprContext<'_, 'a>) -> Result {
        for expr in list {
            match expr {
                Expr::QualifiedWildcard(name, _) => self.expand_in_list(name, context)?,
                expr => {
                    self.check_no_star_in_list(std::slice::from_ref(expr), context)?;
                    self.expr(expr, context)?;
                }
            }
        }
        Ok(())
    }

    /// Maps the values of `ROW(a, b)`.
    pub(super) fn row_constructor(
        &mut self,
        list: &[FunctionArg],
        context: ExprContext<'_, 'a>,
    ) -> Result {
        for argument in list {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) => {
                    self.expand_in_list(name, context)?;
                }
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => {
                    self.value_list(std::slice::from_ref(expr), context)?;
                }
                other => self.function_args(std::slice::from_ref(other), context)?,
            }
        }
        Ok(())
    }

    /// Refuses `table.*` in a list where the columns cannot replace it.
    pub(super) fn check_no_star_in_list(
        &self,
        list: &[Expr],
        context: ExprContext<'_, 'a>,
    ) -> Result {
        for expr in list {
            let mut expr = expr;
            while let Expr::Nested(inner) = expr {
                expr = inner;
            }
            if let Expr::QualifiedWildcard(name, _) = expr
                && let Some(RelationKind::Mapped(_)) = self.relation_kind(name, context)?
            {
                return Err(in_list());
            }
        }
        Ok(())
    }

    fn relation_kind(
        &self,
        name: &ObjectName,
        context: ExprContext<'_, 'a>,
    ) -> Result<Option<RelationKind<'a>>> {
        let parts = idents(name).unwrap_or_default();
        let Some((table, schema)) = parts.split_last() else { return Ok(None) };
        let relation = self.relation(schema.last().copied(), table, context.scope)?;
        Ok(relation.map(|relation| relation.kind.clone()))
    }

    /// Maps `table.*` that stands for its columns: what they are called does not count.
    fn expand_in_list(&mut self, name: &ObjectName, context: ExprContext<'_, 'a>) -> Result {
        match self.relation_kind(name, context)? {
            // To group by a row is to group by its values, of which `table.*` is one there.
            Some(RelationKind::Mapped(table))
                if self.dialect == Dialect::Postgres && context.clause != Clause::Group =>
            {
                self.leave_name_unchanged(name)?;
                self.put_columns(table, &idents(name).unwrap_or_default())
            }
            Some(RelationKind::Mapped(_)) => Err(in_list()),
            Some(RelationKind::Unmapped(_) | RelationKind::Unknown | RelationKind::Derived(_)) => {
                self.leave_name_unchanged(name)
            }
            Some(RelationKind::Pending) | None => Err(row_as_value()),
        }
    }

    fn put_columns(&mut self, table: &'a MappedTable, parts: &[&Ident]) -> Result {
        let bytes = self.star_range(parts)?;
        let qualifier = &self.text.sql[self.idents_range(parts)];
        let mut list = Vec::new();
        for column in self.logical_columns(table)? {
            let Some(pair) = table.column(self.dialect, column) else {
                let quoted = self.dialect.quote(&Self::identifier(column)?);
                list.push(format!("{qualifier}.{quoted}"));
                continue;
            };
            let read = format!("{qualifier}.{}", self.dialect.quote(pair.read()));
            list.push(pair.read_around().map_or(read.clone(), |around| around.fill(&read)));
        }
        self.edits.replace(bytes, vec![Piece::New(list.join(", "))]);
        Ok(())
    }
}

fn in_list() -> RewriteError {
    RewriteError::unsupported("`table.*` in a list of values; write the columns")
}
