//! Maps the arguments of functions, and windows.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT count(handle) OVER (PARTITION BY handle) FROM users
//! -- becomes
//! SELECT count("username") OVER (PARTITION BY "username") FROM users
//! ```

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
    ObjectName, OrderByExpr, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::resolve::{Binding, ExprContext, idents};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    pub(super) fn function(&mut self, function: &Function, context: ExprContext<'_, 'a>) -> Result {
        let Function { name, parameters, args, within_group, filter, over, .. } = function;
        self.leave_name_unchanged(name)?;
        self.arguments(parameters, context)?;
        match args {
            FunctionArguments::List(list) if names_row(name) && list.clauses.is_empty() => {
                self.row_constructor(&list.args, context)?;
            }
            args if self.dialect == Dialect::MariaDb && is_inserted_value(name) => {
                self.inserted_value(name, args, context)?;
            }
            args => self.arguments(args, context)?,
        }
        self.ordering(within_group, context)?;
        self.exprs(filter.as_deref(), context)?;
        match over {
            Some(WindowType::WindowSpec(spec)) => self.window(spec, context),
            Some(WindowType::NamedWindow(name)) => self.leave_unchanged(name),
            None => Ok(()),
        }
    }

    /// Maps `VALUES(column)`, which takes no expression: the value that would be inserted.
    fn inserted_value(
        &mut self,
        function: &ObjectName,
        args: &FunctionArguments,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let FunctionArguments::List(list) = args else { return self.arguments(args, context) };
        let [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] = list.args.as_slice() else {
            return self.arguments(args, context);
        };
        let parts = match expr {
            Expr::Identifier(ident) => std::slice::from_ref(ident),
            Expr::CompoundIdentifier(parts) => parts,
            _ => return self.arguments(args, context),
        };
        let (Binding::Column(pair, _), Some((ident, qualifiers))) =
            (self.bind(parts, context)?, parts.split_last())
        else {
            return self.arguments(args, context);
        };
        if pair.retyped.is_none() {
            return self.arguments(args, context);
        }
        self.leave_all_unchanged(qualifiers)?;
        if pair.writes_own_type() {
            return self.rename(ident, pair.typed_column(), None);
        }
        let misplaced = || RewriteError::misplaced("VALUES");
        let around = pair.read_around().ok_or_else(misplaced)?;
        let names = idents(function).unwrap_or_default();
        let start = self.idents_range(&names).start;
        self.name_range(ident)?;
        let close = self.text.next(self.text.ident(ident)? + 1);
        if names.is_empty() || !self.text.is(close, &Token::RParen) {
            return Err(misplaced());
        }
        let value = format!("VALUES({})", self.dialect.quote(pair.read()));
        let bytes = start..self.text.range(close).end;
        self.edits.replace(bytes, vec![Piece::New(around.fill(&value))]);
        Ok(())
    }

    fn arguments(&mut self, arguments: &FunctionArguments, context: ExprContext<'_, 'a>) -> Result {
        match arguments {
            FunctionArguments::None => Ok(()),
            FunctionArguments::Subquery(query) => self.subquery(query, context),
            FunctionArguments::List(list) => {
                self.function_args(&list.args, context)?;
                list.clauses.iter().try_for_each(|clause| match clause {
                    FunctionArgumentClause::OrderBy(order) => self.ordering(order, context),
                    FunctionArgumentClause::Where(expr) | FunctionArgumentClause::Limit(expr) => {
                        self.expr(expr, context)
                    }
                    FunctionArgumentClause::Having(bound) => self.expr(&bound.1, context),
                    FunctionArgumentClause::JsonReturningClause(returning) => {
                        self.leave_type_unchanged(&returning.data_type)
                    }
                    FunctionArgumentClause::IgnoreOrRespectNulls(_)
                    | FunctionArgumentClause::Separator(_)
                    | FunctionArgumentClause::JsonNullClause(_) => Ok(()),
                    FunctionArgumentClause::OnOverflow(_) => {
                        Err(RewriteError::unsupported("ON OVERFLOW"))
                    }
                })
            }
        }
    }

    pub(super) fn function_args(
        &mut self,
        args: &[FunctionArg],
        context: ExprContext<'_, 'a>,
    ) -> Result {
        args.iter().try_for_each(|arg| {
            let arg = match arg {
                FunctionArg::Unnamed(arg) => arg,
                FunctionArg::Named { name, arg, .. } => {
                    if self.dialect != Dialect::Postgres && self.is_mapped_column(&self.fold(name))
                    {
                        return Err(RewriteError::unsupported(
                            "a renamed column as an argument's name",
                        ));
                    }
                    self.leave_unchanged(name)?;
                    arg
                }
                FunctionArg::ExprNamed { name, arg, .. } => {
                    self.expr(name, context)?;
                    arg
                }
            };
            match arg {
                FunctionArgExpr::Expr(expr) => self.expr(expr, context),
                FunctionArgExpr::QualifiedWildcard(name) => self.star_as_value(name, context),
                // As in `count(*)`, where it stands for no columns.
                FunctionArgExpr::Wildcard => Ok(()),
                FunctionArgExpr::WildcardWithOptions(_) => {
                    Err(RewriteError::unsupported("`*` with options as an argument"))
                }
            }
        })
    }

    /// `ORDER BY` inside of a function or window, where output columns are not visible.
    fn ordering(&mut self, order: &[OrderByExpr], context: ExprContext<'_, 'a>) -> Result {
        order.iter().try_for_each(|item| {
            if item.with_fill.is_some() {
                return Err(RewriteError::unsupported("WITH FILL"));
            }
            self.expr(&item.expr, context)
        })
    }

    pub(super) fn window(&mut self, spec: &WindowSpec, context: ExprContext<'_, 'a>) -> Result {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        self.leave_all_unchanged(window_name)?;
        self.exprs(partition_by, context)?;
        self.ordering(order_by, context)?;
        let Some(WindowFrame { start_bound, end_bound, .. }) = window_frame else {
            return Ok(());
        };
        [Some(start_bound), end_bound.as_ref()].into_iter().flatten().try_for_each(|bound| {
            match bound {
                WindowFrameBound::CurrentRow => Ok(()),
                WindowFrameBound::Preceding(by) | WindowFrameBound::Following(by) => {
                    self.exprs(by.as_deref(), context)
                }
            }
        })
    }
}

/// Returns true if it is `VALUES`, which gives the value that an insert would have had.
fn is_inserted_value(name: &ObjectName) -> bool {
    matches!(name.0.as_slice(), [part] if part.as_ident().is_some_and(|ident| {
        ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("values")
    }))
}

/// Returns true if it is `ROW`, which is no function: `ROW(users.*)` has the columns one by one.
pub(crate) fn names_row(name: &ObjectName) -> bool {
    matches!(name.0.as_slice(), [part] if part.as_ident().is_some_and(|ident| {
        ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("row")
    }))
}
