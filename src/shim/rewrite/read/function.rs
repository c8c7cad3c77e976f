use sqlparser::ast::{
    Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, ObjectName,
    OrderByExpr, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};

use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    pub(super) fn function(&mut self, function: &Function, place: Place<'_, 'a>) -> Done {
        let Function { name, parameters, args, within_group, filter, over, .. } = function;
        self.keep_name(name)?;
        self.arguments(parameters, place)?;
        match args {
            FunctionArguments::List(list) if names_row(name) && list.clauses.is_empty() => {
                self.list_of_row(&list.args, place)?;
            }
            args => self.arguments(args, place)?,
        }
        self.ordering(within_group, place)?;
        self.exprs(filter.as_deref(), place)?;
        match over {
            Some(WindowType::WindowSpec(spec)) => self.window(spec, place),
            Some(WindowType::NamedWindow(name)) => self.keep(name),
            None => Ok(()),
        }
    }

    fn arguments(&mut self, arguments: &FunctionArguments, place: Place<'_, 'a>) -> Done {
        match arguments {
            FunctionArguments::None => Ok(()),
            FunctionArguments::Subquery(query) => self.subquery(query, place),
            FunctionArguments::List(list) => {
                self.function_args(&list.args, place)?;
                list.clauses.iter().try_for_each(|clause| match clause {
                    FunctionArgumentClause::OrderBy(order) => self.ordering(order, place),
                    FunctionArgumentClause::Where(expr) | FunctionArgumentClause::Limit(expr) => {
                        self.expr(expr, place)
                    }
                    FunctionArgumentClause::Having(bound) => self.expr(&bound.1, place),
                    FunctionArgumentClause::JsonReturningClause(returning) => {
                        self.keep_type(&returning.data_type)
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

    pub(super) fn function_args(&mut self, args: &[FunctionArg], place: Place<'_, 'a>) -> Done {
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
                    self.keep(name)?;
                    arg
                }
                FunctionArg::ExprNamed { name, arg, .. } => {
                    self.expr(name, place)?;
                    arg
                }
            };
            match arg {
                FunctionArgExpr::Expr(expr) => self.expr(expr, place),
                FunctionArgExpr::QualifiedWildcard(name) => self.row_of(name, place),
                // As in `count(*)`, where it stands for no columns.
                FunctionArgExpr::Wildcard => Ok(()),
                FunctionArgExpr::WildcardWithOptions(_) => {
                    Err(RewriteError::unsupported("`*` with options as an argument"))
                }
            }
        })
    }

    /// `ORDER BY` inside of a function or window, where output columns are not visible.
    fn ordering(&mut self, order: &[OrderByExpr], place: Place<'_, 'a>) -> Done {
        order.iter().try_for_each(|item| {
            if item.with_fill.is_some() {
                return Err(RewriteError::unsupported("WITH FILL"));
            }
            self.expr(&item.expr, place)
        })
    }

    pub(super) fn window(&mut self, spec: &WindowSpec, place: Place<'_, 'a>) -> Done {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        self.keep_all(window_name)?;
        self.exprs(partition_by, place)?;
        self.ordering(order_by, place)?;
        let Some(WindowFrame { start_bound, end_bound, .. }) = window_frame else {
            return Ok(());
        };
        [Some(start_bound), end_bound.as_ref()].into_iter().flatten().try_for_each(|bound| {
            match bound {
                WindowFrameBound::CurrentRow => Ok(()),
                WindowFrameBound::Preceding(by) | WindowFrameBound::Following(by) => {
                    self.exprs(by.as_deref(), place)
                }
            }
        })
    }
}

/// Whether it is `ROW`, which is no function: `ROW(users.*)` has the columns one by one.
pub(crate) fn names_row(name: &ObjectName) -> bool {
    matches!(name.0.as_slice(), [part] if part.as_ident().is_some_and(|ident| {
        ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("row")
    }))
}
