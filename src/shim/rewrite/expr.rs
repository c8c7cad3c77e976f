use sqlparser::ast::{AccessExpr, Expr, Ident, Interval, Query, Subscript, Value, ValueWithSpan};

use super::error::RewriteError;
use super::query::Naming;
use super::rewriter::{Done, Rewriter};
use super::scope::Place;

/// Less stack left than this, and the walk goes on in a new piece of [`STACK`] bytes: the parser
/// makes chains such as `a OR b OR …` as deep as they are long.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 2 * 1024 * 1024;

impl<'a> Rewriter<'a> {
    /// Maps every column reference in an expression.
    pub(super) fn expr(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        stacker::maybe_grow(RED_ZONE, STACK, || self.one(expr, place))
    }

    pub(super) fn exprs<'e>(
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

    /// The operators that take nothing but expressions.
    fn operands(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
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
            | Expr::Floor { expr: e, .. } => self.expr(e, place),
            Expr::IsDistinctFrom(a, b)
            | Expr::IsNotDistinctFrom(a, b)
            | Expr::BinaryOp { left: a, right: b, .. }
            | Expr::AnyOp { left: a, right: b, .. }
            | Expr::AllOp { left: a, right: b, .. }
            | Expr::InUnnest { expr: a, array_expr: b, .. }
            | Expr::RLike { expr: a, pattern: b, .. }
            | Expr::AtTimeZone { timestamp: a, time_zone: b }
            | Expr::Position { expr: a, r#in: b } => self.exprs([a.as_ref(), b.as_ref()], place),
            Expr::MemberOf(of) => self.exprs([of.value.as_ref(), of.array.as_ref()], place),
            Expr::InList { expr, list, .. } => {
                self.expr(expr, place)?;
                self.exprs(list, place)
            }
            Expr::Between { expr, low, high, .. } => {
                self.exprs([expr.as_ref(), low.as_ref(), high.as_ref()], place)
            }
            Expr::Like { expr, pattern, escape_char, .. }
            | Expr::ILike { expr, pattern, escape_char, .. }
            | Expr::SimilarTo { expr, pattern, escape_char, .. } => {
                self.exprs([expr.as_ref(), pattern.as_ref()], place)?;
                self.exprs(escape_char.as_deref(), place)
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                self.expr(expr, place)?;
                self.exprs(substring_from.as_deref(), place)?;
                self.exprs(substring_for.as_deref(), place)
            }
            Expr::Trim { trim_what, expr, trim_characters, .. } => {
                self.exprs(trim_what.as_deref(), place)?;
                self.expr(expr, place)?;
                self.exprs(trim_characters.iter().flatten(), place)
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.exprs([expr.as_ref(), overlay_what.as_ref(), overlay_from.as_ref()], place)?;
                self.exprs(overlay_for.as_deref(), place)
            }
            Expr::MatchAgainst { columns, .. } => {
                for column in columns {
                    let parts = super::rewriter::idents(column)
                        .ok_or_else(|| RewriteError::unsupported("a computed column name"))?;
                    let parts: Vec<Ident> = parts.into_iter().cloned().collect();
                    self.column(&parts, place)?;
                }
                Ok(())
            }
            // Forms of other databases, and those with names of their own inside. A form that the
            // parser learns later lands here too.
            _ => Err(RewriteError::unsupported("an expression of this form")),
        }
    }

    /// A query whose columns are not seen by name from outside.
    pub(super) fn subquery(&mut self, query: &Query, place: Place<'_, 'a>) -> Done {
        self.query(query, place.env(), Naming::Unseen).map(drop)
    }

    /// `table.column[1]`, `(row).field`.
    fn access(&mut self, root: &Expr, chain: &[AccessExpr], place: Place<'_, 'a>) -> Done {
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

    /// `*` or `table.*` as a value.
    fn row(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        match expr {
            Expr::QualifiedWildcard(name, _) => self.row_of(name, place),
            _ if place.scope.mapped().next().is_some() => {
                Err(RewriteError::unsupported("a whole row as a value"))
            }
            _ => Ok(()),
        }
    }
}
