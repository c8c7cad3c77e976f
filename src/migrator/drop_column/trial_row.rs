//! A row that leaves the column out, on trial (PostgreSQL): a trigger, or a check of whole rows, may refuse
//! it. Elsewhere both name the column in their text.

use sea_orm::{DatabaseTransaction, TransactionTrait};

use super::super::context::Context;
use super::super::stage_error::StageError;
use crate::database::catalog::{Column, Table};
use crate::database::{Dialect, Fault, execute, explained, fault, get};
use crate::model::Identifier;

/// Tries to insert a row without the column, in a transaction that is rolled back. The other columns have
/// the values of a row that is there.
/// Returns the database's reason, if such a row with the column is accepted.
pub(super) async fn try_row(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (table, column): (&Table, &Column),
) -> Result<Option<String>, StageError> {
    let name = context.dialect().quote_table(&context.columns().table);
    let sql = "SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass($1) \
               AND NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgtype::int & 4 = 4) \
               + (SELECT count(*) FROM pg_constraint WHERE conrelid = to_regclass($1) \
               AND contype = 'c' AND 0 = ANY (conkey))";
    if get::<i64, _, _>(transaction, sql, [name.as_str().into()]).await? == Some(0) {
        return Ok(None);
    }
    let given = |with: bool| {
        let own = table.columns.iter().filter(|own| !own.computed);
        let own = own.filter(|own| with || own.name != column.name);
        let names = own.filter_map(|own| Identifier::new(&own.name).ok());
        let names = names.map(|own| Dialect::Postgres.quote(&own)).collect::<Vec<_>>().join(", ");
        format!(
            "INSERT INTO {name} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {name} LIMIT 1"
        )
    };
    if let Some(reason) = refused(transaction, &given(true)).await? {
        tracing::debug!(%reason, "a row cannot be inserted again");
        return Ok(None);
    }
    let reason = refused(transaction, &given(false)).await?;
    Ok(reason.map(|reason| format!("the database refuses a row that leaves it out: {reason}")))
}

/// Returns the database's reason not to insert a row. That it has a row of the same key is none: triggers
/// that come before the insert and checks have accepted the row by then.
async fn refused(
    transaction: &DatabaseTransaction,
    sql: &str,
) -> Result<Option<String>, StageError> {
    let inner = transaction.begin().await?;
    let tried = match execute(&inner, sql, []).await {
        // Those that are deferred are checked as well.
        Ok(_) => execute(&inner, "SET CONSTRAINTS ALL IMMEDIATE", []).await,
        Err(error) => Err(error),
    };
    inner.rollback().await?;
    match tried {
        Ok(_) => Ok(None),
        Err(error) => match fault(&error) {
            Fault::Unique => Ok(None),
            Fault::Lock => Err(error.into()),
            _ => Ok(Some(explained(&error))),
        },
    }
}
