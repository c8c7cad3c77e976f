//! The statement of a copy: `UPDATE t SET a = b WHERE a and b differ`.

use super::super::super::context::Context;
use super::super::compare::distinct;
use crate::database::catalog::{Column, Table};
use crate::model::{Identifier, Side};

/// `UPDATE t SET a = b WHERE a and b differ`, without the condition of a batch.
pub(super) fn assignment(context: &Context<'_>, column: &Column, into: Side, of: &Table) -> String {
    let (dialect, rename) = (context.dialect(), context.columns());
    let (from, to) = (dialect.quote(&rename.from), dialect.quote(&rename.to));
    let (target, source) = if into == Side::To { (to, from) } else { (from, to) };
    let differs = distinct(dialect, column, &target, &source);
    update(context, of, &Assigned { target, value: source, differs })
}

/// An assignment to every row for which a condition holds.
pub(in crate::migrator) struct Assigned {
    /// The column that is set, quoted.
    pub target: String,
    /// Its new value, as SQL.
    pub value: String,
    /// The condition that it has another value.
    pub differs: String,
}

/// The statement. A column that an UPDATE would set by itself keeps its value.
pub(super) fn update(context: &Context<'_>, of: &Table, assigned: &Assigned) -> String {
    let (dialect, Assigned { target, value, differs }) = (context.dialect(), assigned);
    let table = dialect.quote_table(&context.columns().table);
    let kept = of.columns.iter().filter(|column| column.on_update);
    let kept = kept.filter_map(|column| Identifier::new(column.name.as_str()).ok());
    let kept = kept.map(|name| dialect.quote(&name)).map(|name| format!(", {name} = {name}"));
    let kept = kept.collect::<String>();
    format!("UPDATE {table} SET {target} = {value}{kept} WHERE {differs}")
}
