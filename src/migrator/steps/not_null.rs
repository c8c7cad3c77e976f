use sea_orm::ConnectionTrait;

use super::super::error::StageError;
use super::super::stage::{Context, Lock};
use crate::database::{Dialect, execute, get};
use crate::model::{Identifier, TableName};

const CHECK: &str = "handover_not_null";

/// Makes a column refuse NULL without a long lock: a check that is added unvalidated, validated
/// while the app writes on, and makes SET NOT NULL believe it without a scan of its own. Each in a
/// transaction of its own: together the scan would run under the lock.
///
/// SQLite cannot do that to a column, and needs not: there the column that stays is the one that
/// has always refused NULL.
pub(in crate::migrator) async fn set_not_null(
    context: &Context<'_>,
    column: &Identifier,
) -> Result<(), StageError> {
    let dialect = context.dialect();
    if !dialect.relaxes() || refuses_null(context, column).await? {
        return Ok(());
    }
    let table = dialect.quote_table(&context.rename().table);
    let quoted = dialect.quote(column);
    context.step(format!("NOT NULL on `{column}`"));
    let add = format!(
        "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {CHECK}, \
         ADD CONSTRAINT {CHECK} CHECK ({quoted} IS NOT NULL) NOT VALID"
    );
    alter(context, &add).await?;
    super::crash_point("not_null", "added");
    execute(
        context.database.connection(),
        &format!("ALTER TABLE {table} VALIDATE CONSTRAINT {CHECK}"),
        [],
    )
    .await?;
    alter(context, &format!("ALTER TABLE {table} ALTER COLUMN {quoted} SET NOT NULL")).await?;
    super::crash_point("not_null", "set");
    alter(context, &format!("ALTER TABLE {table} DROP CONSTRAINT {CHECK}")).await
}

/// Lets a column take NULL, also where an interrupted [`set_not_null`] has left its check.
pub(in crate::migrator) async fn drop_not_null<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
) -> Result<(), StageError> {
    let (table, column) = (dialect.quote_table(table), dialect.quote(column));
    let sql = format!(
        "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {CHECK}, ALTER COLUMN {column} DROP NOT NULL"
    );
    execute(transaction, &sql, []).await?;
    Ok(())
}

async fn alter(context: &Context<'_>, sql: &str) -> Result<(), StageError> {
    context
        .transaction(Lock::Everyone, async |transaction| {
            execute(transaction, sql, []).await?;
            Ok(())
        })
        .await
}

/// Whether the column refuses NULL and no check of an interrupted run is left.
async fn refuses_null(context: &Context<'_>, column: &Identifier) -> Result<bool, StageError> {
    let sql = "SELECT a.attnotnull AND NOT EXISTS (SELECT 1 FROM pg_constraint c \
               WHERE c.conrelid = a.attrelid AND c.conname = 'handover_not_null') \
               FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attname = $2";
    let table = context.dialect().quote_table(&context.rename().table);
    let values = [table.into(), column.as_str().into()];
    Ok(get::<bool, _, _>(context.database.connection(), sql, values).await?.unwrap_or(false))
}
