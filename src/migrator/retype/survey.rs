//! The table as it is now, and the refusal of what stands in the way of another type.

use super::super::context::Context;
use super::super::rename;
use super::super::stage_error::StageError;
use super::conversion;
use super::obstacles::{given_another_type, of_sqlite, of_table, unfit};
use crate::database::Dialect;
use crate::database::catalog::Table;
use crate::model::Side;

/// Looks at the table, and refuses everything on the column of one side that would not be the same on a
/// column of another type. Changes nothing.
pub(super) async fn survey(context: &Context<'_>, side: Side) -> Result<Table, StageError> {
    let columns = context.columns();
    let (source, target) = match side {
        Side::From => (&columns.from, &columns.to),
        Side::To => (&columns.to, &columns.from),
    };
    // Only logical replication, which PostgreSQL alone has, minds a second column.
    let doubles = context.dialect() == Dialect::Postgres && !changes_at_once(context).await?;
    let table = rename::survey(context, (source, target), doubles).await;
    let table = table.map_err(given_another_type)?;
    let mut obstacles = of_table(context.dialect(), &table, source)?;
    if context.dialect() == Dialect::Sqlite {
        let found = context
            .reading(async |transaction| of_sqlite(context, transaction, source).await)
            .await?;
        obstacles.extend(found);
    }
    if obstacles.is_empty() { Ok(table) } else { Err(unfit(context, source, obstacles)) }
}

/// Returns true if the database changes the type at once, so that there is no second column.
async fn changes_at_once(context: &Context<'_>) -> Result<bool, StageError> {
    if let Some(conversion) = context.known().await?.and_then(|row| row.conversion) {
        return Ok(conversion.at_once);
    }
    let (table, name) = (context.table().await?, context.columns().from.as_str());
    match (table.column(context.dialect(), name), context.declared.kind.retype()) {
        (Some(column), Some(retype)) => {
            Ok(conversion::declared(context, retype, column)?.conversion.at_once)
        }
        _ => Ok(false),
    }
}
