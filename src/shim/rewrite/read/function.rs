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
    Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, ObjectName,
    OrderByExpr, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};

use crate::Dialect;
use crate::shim::rewrite::resolve::ExprContext;
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

/// Returns true if it is `ROW`, which is no function: `ROW(users.*)` has the columns one by one.
pub(crate) fn names_row(name: &ObjectName) -> bool {
    matches!(name.0.as_slice(), [part] if part.as_ident().is_some_and(|ident| {
        ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("row")
    }))
}
