//! Keeps the app's own triggers from seeing the copy.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::super::stage_error::StageError;
use super::index_sql::{qualified, quoted};
use crate::database::{Dialect, execute, get, rows};
use crate::model::{Identifier, TableName};

/// Returns true if this role may keep the app's triggers and rules from firing in its own session
/// (PostgreSQL): a superuser may, and from version 15 on every role with the privilege on the setting.
/// Triggers that are enabled always fire all the same. SQLite has another way.
pub(in crate::migrator) async fn may_silence<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<bool, DbErr> {
    if dialect != Dialect::Postgres {
        return Ok(dialect == Dialect::Sqlite);
    }
    let superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    if get::<bool, _, _>(connection, superuser, []).await? == Some(true) {
        return Ok(true);
    }
    let grants = "SELECT current_setting('server_version_num')::int >= 150000";
    if get::<bool, _, _>(connection, grants, []).await? != Some(true) {
        return Ok(false);
    }
    let granted = "SELECT has_parameter_privilege('session_replication_role', 'SET')";
    Ok(get::<bool, _, _>(connection, granted, []).await? == Some(true))
}

/// Runs `work` in a transaction of SQLite in which the table has no triggers but the guard's. Nobody
/// else sees the table without them.
pub(in crate::migrator) async fn without_triggers<W>(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    table: &TableName,
    work: W,
) -> Result<(), StageError>
where
    W: AsyncFnOnce(&DatabaseTransaction) -> Result<(), StageError>,
{
    let triggers = triggers(transaction, dialect, table).await?;
    for (name, _) in &triggers {
        execute(transaction, &format!("DROP TRIGGER {}", qualified(dialect, table, name)?), [])
            .await?;
    }
    work(transaction).await?;
    for (_, sql) in &triggers {
        transaction.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// The triggers of a table of SQLite, with their recorded SQL, in the order in which they were made.
async fn triggers(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    table: &TableName,
) -> Result<Vec<(String, String)>, StageError> {
    if dialect != Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let schema = table.schema.as_ref().map_or("main", Identifier::as_str);
    let sql = format!(
        "SELECT name, sql FROM {}.sqlite_schema WHERE type = 'trigger' \
         AND lower(tbl_name) = lower($1) AND substr(name, 1, 19) <> 'zzz_handover_guard_' \
         ORDER BY rowid",
        quoted(dialect, schema)?
    );
    let found = rows(transaction, &sql, [table.name.as_str().into()]).await?;
    let trigger = |row: &sea_orm::QueryResult| {
        Ok::<_, DbErr>((row.try_get("", "name")?, row.try_get("", "sql")?))
    };
    Ok(found.iter().map(trigger).collect::<Result<_, _>>()?)
}
