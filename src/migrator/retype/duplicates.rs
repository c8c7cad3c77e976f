//! Finds the values that differ, and would be the same in the other type: a unique index on the second column
//! would refuse them. PostgreSQL compares the texts `1` and `1.0` as different, and as `numeric` as equal.

use std::cell::RefCell;

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::obstacles::unfit;
use super::twins::Twins;
use super::unconvertible::report;
use crate::database::Dialect;
use crate::database::catalog::{Index, Table};
use crate::model::{Identifier, Side};

/// Looks for values in `column`, which has the type of one side, that a unique index would refuse in the
/// type of the other side. Returns the refusal to report; `None` if there are none.
pub(super) async fn find(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
    (side, column): (Side, &Identifier),
) -> Result<Option<StageError>, StageError> {
    let dialect = context.dialect();
    for index in table.indexes_of(dialect, column.as_str())?.into_iter().filter(|own| own.unique) {
        let condition = would_be_refused(dialect, index, twins, (side, column));
        let found = RefCell::new((0, Vec::new()));
        context
            .reading(async |transaction| {
                found.replace(report(transaction, context, table, &condition).await?);
                Ok(())
            })
            .await?;
        let (rows, keys) = found.into_inner();
        if rows > 0 {
            let to_type = twins.type_of(other(side));
            let what = format!(
                "the index `{}` refuses duplicates, and as {to_type} the values of {rows} rows are \
                 duplicates: {}",
                index.name,
                keys.join("; ")
            );
            return Ok(Some(unfit(context, column, vec![what])));
        }
    }
    Ok(None)
}

const fn other(side: Side) -> Side {
    match side {
        Side::From => Side::To,
        Side::To => Side::From,
    }
}

/// The condition that a row has the same values as another one, once they have been converted.
fn would_be_refused(
    dialect: Dialect,
    index: &Index,
    twins: &Twins,
    (side, column): (Side, &Identifier),
) -> String {
    let quoted = |name: &String| match Identifier::new(name.as_str()) {
        Ok(name) => dialect.quote(&name),
        Err(_) => name.clone(),
    };
    let is_it = |name: &str| dialect.same_column(name, column.as_str());
    let parts = index.columns.iter().map(|part| match &part.name {
        name if is_it(name) => twins.stored(other(side), &dialect.quote(column)),
        name => quoted(name),
    });
    let parts = parts.collect::<Vec<_>>();
    let all = parts.join(", ");
    let table = dialect.quote_table(&twins.columns.table);
    let several = |set: &str| {
        format!("SELECT {all} FROM {table} WHERE {set} GROUP BY {all} HAVING count(*) > 1")
    };
    if index.nulls_not_distinct {
        // A name that a column of the table has would hide that column.
        let names = (0..parts.len()).map(|at| format!("handover_k{at}")).collect::<Vec<_>>();
        let same = parts.iter().zip(&names);
        let same = same.map(|(part, name)| format!("{name} IS NOT DISTINCT FROM {part}"));
        return format!(
            "EXISTS (SELECT 1 FROM ({}) AS several ({}) WHERE {})",
            several("true"),
            names.join(", "),
            same.collect::<Vec<_>>().join(" AND ")
        );
    }
    // Two rows with NULL are no duplicates.
    let set = index.columns.iter().map(|part| format!("{} IS NOT NULL", quoted(&part.name)));
    format!("({all}) IN ({})", several(&set.collect::<Vec<_>>().join(" AND ")))
}
