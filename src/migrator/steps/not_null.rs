//! NOT NULL of a column: setting it without a long lock, dropping it, and the name of its constraint.

use sea_orm::ConnectionTrait;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::constraints::{comment_on_constraint, rename_constraint};
use super::ddl::{definition, is_always_not_null};
use crate::database::catalog::{Column, NOT_NULL_CHECK as CHECK};
use crate::database::{Dialect, execute, get};
use crate::model::{Identifier, TableName};

/// Makes a column refuse NULL without a long lock: a check is added unvalidated, then validated while
/// the app keeps writing; then SET NOT NULL believes the check, without a scan of its own. Each step
/// has a transaction of its own: in a single one, the scan would run under the lock.
///
/// MariaDB rebuilds the table for it, while the app reads and writes.
///
/// SQLite cannot do that to a column, and need not: there the column that stays has always refused
/// NULL.
pub(in crate::migrator) async fn set_not_null(
    context: &Context<'_>,
    column: &Identifier,
    like: &Column,
) -> Result<(), StageError> {
    let dialect = context.dialect();
    if dialect == Dialect::MariaDb {
        context.step(format!("NOT NULL on `{column}`")).await;
        modify(context, column, like, true, like.default.as_deref()).await?;
        super::crash_point("not_null", "set");
        return Ok(());
    }
    if !dialect.relaxes() || refuses_null(context, column).await? {
        return Ok(());
    }
    let table = dialect.quote_table(&context.columns().table);
    let quoted = dialect.quote(column);
    context.step(format!("NOT NULL on `{column}`")).await;
    let add = format!(
        "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {CHECK}, \
         ADD CONSTRAINT {CHECK} CHECK ({quoted} IS NOT NULL) NOT VALID"
    );
    alter(context, &add).await?;
    super::crash_point("not_null", "added");
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {CHECK}");
    context
        .transaction(Lock::Rows, async |transaction| {
            execute(transaction, &validate, []).await?;
            Ok(())
        })
        .await?;
    alter(context, &format!("ALTER TABLE {table} ALTER COLUMN {quoted} SET NOT NULL")).await?;
    super::crash_point("not_null", "set");
    alter(context, &format!("ALTER TABLE {table} DROP CONSTRAINT {CHECK}")).await
}

/// Gives the NOT NULL constraint of a column the name and the comment that it has in `like` (PostgreSQL 18).
pub(in crate::migrator) async fn name_not_null(
    context: &Context<'_>,
    column: &Identifier,
    like: &Column,
) -> Result<(), StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let Some(wanted) = &like.not_null_name else { return Ok(()) };
    let now = context.table().await?;
    let now = now.column(dialect, column.as_str()).and_then(|own| own.not_null_name.clone());
    let Some(now) = now else { return Ok(()) };
    context
        .transaction(Lock::Everyone, async |transaction| {
            if now != *wanted {
                rename_constraint(transaction, dialect, table, &now, wanted).await?;
            }
            if let Some(comment) = &like.not_null_comment {
                comment_on_constraint(transaction, dialect, table, wanted, comment).await?;
            }
            Ok(())
        })
        .await
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

/// Lets a column of MariaDB's take NULL, with another default. That rebuilds the table while the app
/// reads and writes, so it needs a lock only at its end.
pub(in crate::migrator) async fn relax(
    context: &Context<'_>,
    column: &Identifier,
    like: &Column,
    default: Option<&str>,
) -> Result<(), StageError> {
    modify(context, column, like, false, default).await?;
    super::crash_point("not_null", "relaxed");
    Ok(())
}

/// Gives a column of MariaDB's the definition of `like`, while the app reads and writes.
pub(in crate::migrator) async fn redefine(
    context: &Context<'_>,
    column: &Identifier,
    like: &Column,
) -> Result<(), StageError> {
    let sql = format!(
        "ALTER TABLE {} MODIFY COLUMN {}, ALGORITHM=INPLACE, LOCK=NONE",
        Dialect::MariaDb.quote_table(&context.columns().table),
        definition(column, like, like.not_null, like.default.as_deref())
    );
    context.alter_online(&sql).await
}

/// The statement that gives a column of MariaDB's the definition of `like` at once, or fails.
pub(in crate::migrator) fn modify_at_once(
    table: &TableName,
    column: &Identifier,
    like: &Column,
) -> String {
    format!(
        "ALTER TABLE {} MODIFY COLUMN {}, ALGORITHM=INSTANT",
        Dialect::MariaDb.quote_table(table),
        definition(column, like, like.not_null, like.default.as_deref())
    )
}

/// Changes a column of MariaDB's to this definition, unless it has it already.
async fn modify(
    context: &Context<'_>,
    column: &Identifier,
    like: &Column,
    not_null: bool,
    default: Option<&str>,
) -> Result<(), StageError> {
    if is_always_not_null(like) {
        return Ok(());
    }
    let table = context.table().await?;
    let now = table.column(Dialect::MariaDb, column.as_str());
    if now.is_some_and(|now| now.not_null == not_null && now.default.as_deref() == default) {
        return Ok(());
    }
    let sql = format!(
        "ALTER TABLE {} MODIFY COLUMN {}, ALGORITHM=INPLACE, LOCK=NONE",
        Dialect::MariaDb.quote_table(&context.columns().table),
        definition(column, like, not_null, default)
    );
    context.alter_online(&sql).await
}

async fn alter(context: &Context<'_>, sql: &str) -> Result<(), StageError> {
    context
        .transaction(Lock::Everyone, async |transaction| {
            execute(transaction, sql, []).await?;
            Ok(())
        })
        .await
}

/// Returns true if the column refuses NULL, and no check of an interrupted run is left.
async fn refuses_null(context: &Context<'_>, column: &Identifier) -> Result<bool, StageError> {
    let sql = "SELECT a.attnotnull AND NOT EXISTS (SELECT 1 FROM pg_constraint c \
               WHERE c.conrelid = a.attrelid AND c.conname = 'handover_not_null') \
               FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attname = $2";
    let table = context.dialect().quote_table(&context.columns().table);
    let values = [table.into(), column.as_str().into()];
    Ok(get::<bool, _, _>(context.database.connection(), sql, values).await?.unwrap_or(false))
}
