use sqlparser::ast::{Expr, Interval, Query, Value, ValueWithSpan};

use super::query::Naming;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::Place;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps every column reference in an expression.
    pub(crate) fn expr(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        stacker::maybe_grow(RED_ZONE, STACK, || self.one(expr, place))
    }

    pub(crate) fn exprs<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        place: Place<'_, 'a>,
    ) -> Done {
        exprs.into_iter().try_for_each(|expr| self.expr(expr, place))
    }

    fn one(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        match expr {
            Expr::Value(value) => {
                self.keep_string(value);
                Ok(())
            }
            Expr::TypedString(string) => self.keep_type(&string.data_type),
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident), place).map(drop),
            Expr::CompoundIdentifier(parts) => self.column(parts, place).map(drop),
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.access(root, access_chain, place)
            }
            Expr::Function(function) => self.function(function, place),
            Expr::Subquery(query) => self.subquery(query, place),
            Expr::Exists { subquery, .. } => {
                self.query(subquery, place.env(), Naming::Exists).map(drop)
            }
            Expr::InSubquery { expr, subquery, .. } => {
                self.expr(expr, place)?;
                self.subquery(subquery, place)
            }
            Expr::Cast { expr, data_type, format: None, .. } => {
                self.keep_type(data_type)?;
                self.expr(expr, place)
            }
            Expr::Convert { expr, data_type, charset, styles, .. } => {
                if let Some(data_type) = data_type {
                    self.keep_type(data_type)?;
                }
                if let Some(charset) = charset {
                    self.keep_name(charset)?;
                }
                self.expr(expr, place)?;
                self.exprs(styles, place)
            }
            Expr::Collate { expr, collation } => {
                self.keep_name(collation)?;
                self.expr(expr, place)
            }
            Expr::Prefixed { prefix, value } => {
                self.keep(prefix)?;
                self.expr(value, place)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.exprs(operand.as_deref(), place)?;
                for when in conditions {
                    self.expr(&when.condition, place)?;
                    self.expr(&when.result, place)?;
                }
                self.exprs(else_result.as_deref(), place)
            }
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => self.row(expr, place),
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                self.exprs(sets.iter().flatten(), place)
            }
            Expr::Tuple(list) => self.list_of(list, place),
            Expr::Array(array) => self.exprs(&array.elem, place),
            Expr::Interval(Interval { value, .. }) => self.expr(value, place),
            _ => self.operands(expr, place),
        }
    }

    /// Notes that MariaDB's `"a"` is a string: no session has `ANSI_QUOTES`, or the shim refuses it.
    fn keep_string(&mut self, value: &ValueWithSpan) {
        if matches!(value.value, Value::DoubleQuotedString(_))
            && let Some(at) = self.text.token_at(value.span)
        {
            self.keep_tokens(at..at + 1);
        }
    }

    /// A query whose columns are not seen by name from outside.
    pub(super) fn subquery(&mut self, query: &Query, place: Place<'_, 'a>) -> Done {
        self.query(query, place.env(), Naming::Unseen).map(drop)
    }

    /// `*` or `table.*` as a value.
    pub(crate) fn row(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        match expr {
            Expr::QualifiedWildcard(name, _) => self.row_of(name, place),
            _ if place.scope.mapped().next().is_some() => {
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
