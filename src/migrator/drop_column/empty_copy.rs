//! Tries the statements of a drop on an empty copy of the schema (SQLite): there, dropping a column
//! rewrites the whole table, so it is not tried on the table itself.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, TransactionTrait,
};

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps;
use super::found::Found;
use crate::database::catalog;
use crate::database::{Dialect, plain, remove_not_null, rows};
use crate::model::{ColumnPair, Identifier};

/// Returns the database's reason not to drop the column, if it has one.
pub(super) async fn try_on_empty_copy(
    context: &Context<'_>,
    name: &Identifier,
    found: &Found,
) -> Result<Option<String>, StageError> {
    let table = &context.columns().table;
    if table.schema.as_ref().is_some_and(|schema| schema.as_str() != "main") {
        return Ok(Some("it is in an attached database".to_owned()));
    }
    let statements = definitions(context).await?;
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let copy = Database::connect(options).await?;
    for sql in &statements {
        // A virtual table may need a module that is not here; what needs it then fails below.
        let _ = copy.execute_unprepared(sql).await;
    }
    let tried = try_drop(&copy, context, name, found).await;
    copy.close().await?;
    match tried {
        Ok(()) => Ok(None),
        Err(StageError::Database(error)) => {
            let said = plain(&error.to_string());
            Ok(Some(format!("the database does not let it be done: {said}")))
        }
        Err(error) => Err(error),
    }
}

/// The statements that make every table, index, view and trigger.
async fn definitions(context: &Context<'_>) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' \
               ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 \
               WHEN 'view' THEN 3 ELSE 4 END, rowid";
    let found = rows(context.database.connection(), sql, []).await?;
    found.iter().map(|row| row.try_get("", "sql")).collect()
}

async fn try_drop(
    copy: &DatabaseConnection,
    context: &Context<'_>,
    name: &Identifier,
    found: &Found,
) -> Result<(), StageError> {
    let (dialect, ColumnPair { table, from, to }) = (Dialect::Sqlite, context.columns());
    let transaction = copy.begin().await?;
    if name == from {
        if found.needs_relaxing() {
            remove_not_null(&transaction, table, from).await?;
        }
        steps::rename_column(&transaction, dialect, table, from, to).await?;
    }
    let Some(there) = catalog::table(&transaction, dialect, table).await? else {
        return Err(StageError::NoTable { table: table.clone() });
    };
    steps::drop_indexes_of(&transaction, dialect, table, &there, to.as_str()).await?;
    steps::drop_column(&transaction, dialect, table, to).await?;
    Ok(transaction.rollback().await?)
}
