//! `table.*` in a list of values, in which it stands for the columns one by one: `ROW(users.*, 1)`.

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName};

use crate::Dialect;
use crate::shim::mapping::MappedTable;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::{Clause, Place};
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::resolve::scope::Kind;
use crate::shim::rewrite::resolve::whole_row::as_value;
use crate::shim::rewrite::rewriter::{Done, Rewriter};
use crate::shim::rewrite::source::edits::Piece;

impl<'a> Rewriter<'a> {
    /// Maps the values of `(a, b)`.
    pub(super) fn list_of(&mut self, list: &[Expr], place: Place<'_, 'a>) -> Done {
        for expr in list {
            match expr {
                Expr::QualifiedWildcard(name, _) => self.spread(name, place)?,
                expr => {
                    self.check_no_list(std::slice::from_ref(expr), place)?;
                    self.expr(expr, place)?;
                }
            }
        }
        Ok(())
    }

    /// Maps the values of `ROW(a, b)`.
    pub(super) fn list_of_row(&mut self, list: &[FunctionArg], place: Place<'_, 'a>) -> Done {
        for argument in list {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) => {
                    self.spread(name, place)?;
                }
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => {
                    self.list_of(std::slice::from_ref(expr), place)?;
                }
                other => self.function_args(std::slice::from_ref(other), place)?,
            }
        }
        Ok(())
    }

    /// Refuses `table.*` in a list where the columns cannot be put in its place.
    pub(super) fn check_no_list(&self, list: &[Expr], place: Place<'_, 'a>) -> Done {
        for expr in list {
            let mut expr = expr;
            while let Expr::Nested(inner) = expr {
                expr = inner;
            }
            if let Expr::QualifiedWildcard(name, _) = expr
                && let Some(Kind::Mapped(_)) = self.kind_of(name, place)?
            {
                return Err(in_list());
            }
        }
        Ok(())
    }

    fn kind_of(&self, name: &ObjectName, place: Place<'_, 'a>) -> Done<Option<Kind<'a>>> {
        let parts = idents(name).unwrap_or_default();
        let Some((table, schema)) = parts.split_last() else { return Ok(None) };
        let relation = self.relation(schema.last().copied(), table, place.scope)?;
        Ok(relation.map(|relation| relation.kind.clone()))
    }

    /// Maps `table.*` that stands for its columns: what they are called does not count.
    fn spread(&mut self, name: &ObjectName, place: Place<'_, 'a>) -> Done {
        match self.kind_of(name, place)? {
            // To group by a row is to group by its values, of which `table.*` is one there.
            Some(Kind::Mapped(table))
                if self.dialect == Dialect::Postgres && place.clause != Clause::Group =>
            {
                self.keep_name(name)?;
                self.put_columns(table, &idents(name).unwrap_or_default())
            }
            Some(Kind::Mapped(_)) => Err(in_list()),
            Some(Kind::Unknown | Kind::Derived(_)) => self.keep_name(name),
            Some(Kind::Pending) | None => Err(as_value()),
        }
    }

    fn put_columns(&mut self, table: &'a MappedTable, parts: &[&Ident]) -> Done {
        let bytes = self.starred(parts)?;
        let qualifier = &self.text.sql[self.extent(parts)];
        let mut list = Vec::new();
        for column in self.logical(table)? {
            let quoted = match table.column(self.dialect, column) {
                Some(pair) => self.dialect.quote(pair.read()),
                None => self.dialect.quote(&Self::identifier(column)?),
            };
            list.push(format!("{qualifier}.{quoted}"));
        }
        self.edits.replace(bytes, vec![Piece::New(list.join(", "))]);
        Ok(())
    }
}

fn in_list() -> RewriteError {
    RewriteError::unsupported("`table.*` in a list of values; write the columns")
}
