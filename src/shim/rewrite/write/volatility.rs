//! Tells whether an expression gives the same value each time it is computed within a statement.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = lower($1)
//! -- becomes
//! UPDATE users SET "handle" = lower($1), "username" = lower($1)
//! ```

use sqlparser::ast::{BinaryOperator as Op, Expr, Function, FunctionArguments};

use super::subexpressions::{all, simple_name};

/// Functions of their arguments alone, aggregates for which the order of the rows does not count,
/// and the clock, which stands still within a statement.
const PURE: &str = "
    abs ascii avg bin btrim ceil ceiling char_length character_length chr coalesce concat concat_ws
    count current_date current_time current_timestamp date datetime floor format greatest hex ifnull
    iif initcap instr json json_array json_extract json_object json_set jsonb_build_array
    jsonb_build_object jsonb_set lcase least left length localtime localtimestamp lower lpad ltrim
    max md5 min mod now nullif octet_length position pow power printf quote regexp_replace repeat
    replace reverse right round row rpad rtrim sha1 sha2 sha256 sign split_part sqrt strftime strpos
    substr substring sum to_char to_json to_jsonb translate trim trunc typeof ucase unhex upper
    values";

/// Returns true if an expression gives the same value each time it is computed within one statement, for
/// one row. Only what is known to do so counts.
pub(crate) fn is_stable(expr: &Expr) -> bool {
    all(expr, &mut |expr| match expr {
        Expr::Function(function) => is_pure(function),
        Expr::BinaryOp { op, .. } => is_pure_operator(op),
        _ => true,
    })
}

fn is_pure(function: &Function) -> bool {
    let plain = matches!(function.parameters, FunctionArguments::None)
        && function.filter.is_none()
        && function.over.is_none()
        && function.within_group.is_empty()
        && !matches!(&function.args, FunctionArguments::List(list)
            if !list.clauses.is_empty() || list.duplicate_treatment.is_some());
    let Some(name) = simple_name(&function.name) else { return false };
    plain && PURE.split_ascii_whitespace().any(|pure| pure == name)
}

/// Operators that cannot be defined anew, but for types of one's own.
const fn is_pure_operator(op: &Op) -> bool {
    !matches!(op, Op::Custom(_) | Op::PGCustomBinaryOperator(_) | Op::Assignment | Op::Match)
}
