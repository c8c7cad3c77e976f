//! Answers what an expression is made of: its parts, the columns it reads, `DEFAULT`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = $1, username = $1
//! -- becomes
//! UPDATE users SET "handle" = $1, "username" = $1
//! ```

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident,
    JoinConstraint, JoinOperator, ObjectName, Query, SelectItem, SetExpr, TableFactor, Value,
};

/// Returns true if an expression reads any column, as far as can be told.
pub(super) fn reads_columns(expr: &Expr) -> bool {
    !all(expr, &mut |expr| match expr {
        Expr::Identifier(ident) => is_default(ident),
        Expr::CompoundIdentifier(_) => false,
        _ => true,
    })
}

/// Returns true if an expression names one of these columns, outside of the queries in it.
pub(super) fn names(expr: &Expr, is: &dyn Fn(&Ident) -> bool) -> bool {
    match expr {
        Expr::Identifier(ident) => is(ident),
        Expr::CompoundIdentifier(idents) => idents.last().is_some_and(is),
        Expr::Subquery(_) | Expr::Exists { .. } => false,
        _ => parts(expr).is_some_and(|parts| parts.into_iter().any(|part| names(part, is))),
    }
}

/// Returns true if an expression certainly names no columns but these, `VALUES` of a column aside.
pub(crate) fn names_only(expr: &Expr, is: &dyn Fn(&[Ident]) -> bool) -> bool {
    match expr {
        Expr::Identifier(ident) => is_default(ident),
        Expr::CompoundIdentifier(idents) => is(idents),
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => false,
        Expr::Function(function) if simple_name(&function.name).as_deref() == Some("values") => {
            true
        }
        _ => parts(expr).is_some_and(|parts| parts.into_iter().all(|part| names_only(part, is))),
    }
}

/// Returns true if an expression has a `?`: two of them may be two values.
pub(super) fn has_positional_parameter(expr: &Expr) -> bool {
    !all(expr, &mut |expr| {
        !matches!(expr, Expr::Value(value)
            if matches!(&value.value, Value::Placeholder(name) if name == "?"))
    })
}

/// Returns true if a value is the word `DEFAULT`.
pub(crate) fn is_default_keyword(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(ident) if is_default(ident))
}

/// Returns true if a value is certainly not NULL.
pub(super) fn is_value(expr: &Expr) -> bool {
    let null = |value: &Value| matches!(value, Value::Null | Value::Placeholder(_));
    matches!(expr, Expr::Value(value) if !null(&value.value))
}

fn is_default(ident: &Ident) -> bool {
    ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("default")
}

/// Returns true if `test` holds for an expression and all parts of it; never where there is a part of a
/// form that is not known here.
pub(super) fn all(expr: &Expr, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
    stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || {
        test(expr) && parts(expr).is_some_and(|parts| parts.into_iter().all(|e| all(e, test)))
    })
}

/// The parts of an expression of a known form.
fn parts(expr: &Expr) -> Option<Vec<&Expr>> {
    Some(match expr {
        Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Identifier(_)
        | Expr::CompoundIdentifier(_) => Vec::new(),
        Expr::Nested(e)
        | Expr::IsFalse(e)
        | Expr::IsNotFalse(e)
        | Expr::IsTrue(e)
        | Expr::IsNotTrue(e)
        | Expr::IsNull(e)
        | Expr::IsNotNull(e)
        | Expr::UnaryOp { expr: e, .. }
        | Expr::Cast { expr: e, format: None, .. }
        | Expr::Collate { expr: e, .. }
        | Expr::Prefixed { value: e, .. }
        | Expr::Extract { expr: e, .. }
        | Expr::Ceil { expr: e, .. }
        | Expr::Floor { expr: e, .. } => vec![e],
        Expr::IsDistinctFrom(a, b)
        | Expr::IsNotDistinctFrom(a, b)
        | Expr::BinaryOp { left: a, right: b, .. }
        | Expr::Position { expr: a, r#in: b }
        | Expr::AtTimeZone { timestamp: a, time_zone: b } => vec![a, b],
        Expr::Between { expr, low, high, .. } => vec![expr, low, high],
        // `a IN table` on SQLite: a view may give something else each time.
        Expr::InList { list, .. } if list.is_empty() => return None,
        Expr::InList { expr, list, .. } => std::iter::once(expr.as_ref()).chain(list).collect(),
        Expr::Case { operand, conditions, else_result, .. } => {
            let whens = conditions.iter().flat_map(|when| [&when.condition, &when.result]);
            whens.chain(operand.as_deref()).chain(else_result.as_deref()).collect()
        }
        Expr::Tuple(list) => list.iter().collect(),
        Expr::Array(array) => array.elem.iter().collect(),
        Expr::Interval(interval) => vec![&interval.value],
        Expr::Function(function) => arguments(function)?,
        Expr::Subquery(query) => subquery(query, true)?,
        // What it would give does not count.
        Expr::Exists { subquery: query, .. } => subquery(query, false)?,
        Expr::InSubquery { expr, subquery: query, .. } => {
            std::iter::once(expr.as_ref()).chain(subquery(query, true)?).collect()
        }
        _ => return string_parts(expr),
    })
}

/// The parts of an operator or a function on strings.
fn string_parts(expr: &Expr) -> Option<Vec<&Expr>> {
    Some(match expr {
        Expr::Like { expr, pattern, escape_char, .. }
        | Expr::ILike { expr, pattern, escape_char, .. } => {
            [Some(expr), Some(pattern), escape_char.as_ref()]
                .into_iter()
                .flatten()
                .map(AsRef::as_ref)
                .collect()
        }
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            [Some(expr), substring_from.as_ref(), substring_for.as_ref()]
                .into_iter()
                .flatten()
                .map(AsRef::as_ref)
                .collect()
        }
        Expr::Trim { trim_what, expr, trim_characters, .. } => std::iter::once(expr.as_ref())
            .chain(trim_what.as_deref())
            .chain(trim_characters.iter().flatten())
            .collect(),
        _ => return None,
    })
}

/// The expressions of a query that gives the same rows each time within one statement: one that
/// picks none of several by chance, as `LIMIT` does.
fn subquery(query: &Query, gives: bool) -> Option<Vec<&Expr>> {
    let Query { with: None, order_by: None, limit_clause: None, fetch: None, .. } = query else {
        return None;
    };
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let ungrouped = matches!(&select.group_by,
        GroupByExpr::Expressions(exprs, modifiers) if exprs.is_empty() && modifiers.is_empty());
    if !query.locks.is_empty() || !ungrouped || select.distinct.is_some() {
        return None;
    }
    let mut exprs: Vec<&Expr> = select.selection.iter().chain(&select.having).collect();
    for item in select.projection.iter().filter(|_| gives) {
        match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                exprs.push(expr);
            }
            _ => return None,
        }
    }
    for table in &select.from {
        let plain = |factor: &TableFactor| {
            matches!(factor, TableFactor::Table { args: None, sample: None, .. })
        };
        if !plain(&table.relation) {
            return None;
        }
        for join in &table.joins {
            let (JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::Left(on)) =
                &join.join_operator
            else {
                return None;
            };
            let JoinConstraint::On(on) = on else { return None };
            if !plain(&join.relation) {
                return None;
            }
            exprs.push(on);
        }
    }
    Some(exprs)
}

fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    match &function.args {
        FunctionArguments::None => Some(Vec::new()),
        FunctionArguments::Subquery(_) => None,
        FunctionArguments::List(list) => list
            .args
            .iter()
            .filter(|arg| !matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Wildcard)))
            .map(|arg| match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                _ => None,
            })
            .collect(),
    }
}

pub(super) fn simple_name(name: &ObjectName) -> Option<String> {
    match name.0.as_slice() {
        [part] => Some(part.as_ident()?.value.to_ascii_lowercase()),
        _ => None,
    }
}
