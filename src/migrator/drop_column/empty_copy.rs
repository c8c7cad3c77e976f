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

/// The name of the column in the copy: no text has it for another reason.
const TRIED: &str = "handover_column_that_is_dropped";

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
        Ok(naming) if naming.is_empty() => Ok(None),
        Ok(naming) => Ok(Some(format!("{} would still name it", naming.join(" and ")))),
        Err(StageError::Database(error)) => {
            let said = plain(&error.to_string()).replace(TRIED, name.as_str());
            Ok(Some(format!("the database does not let it be done: {said}")))
        }
        // A function that only the app's connections have, for example.
        Err(StageError::NoTable { .. }) => {
            Ok(Some("its table cannot be made again, so the drop cannot be tried".to_owned()))
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

/// Drops the column in the copy, and returns the objects that name it nevertheless: a rename writes the
/// name in double quotes into their texts, and SQLite takes a name in double quotes that is no column for
/// a string.
async fn try_drop(
    copy: &DatabaseConnection,
    context: &Context<'_>,
    name: &Identifier,
    found: &Found,
) -> Result<Vec<String>, StageError> {
    let (dialect, ColumnPair { table, from, .. }) = (Dialect::Sqlite, context.columns());
    let Ok(tried) = Identifier::new(TRIED) else { return Ok(Vec::new()) };
    let transaction = copy.begin().await?;
    if name == from && found.needs_relaxing() {
        remove_not_null(&transaction, table, from).await?;
    }
    steps::rename_column(&transaction, dialect, table, name, &tried).await?;
    let Some(there) = catalog::table(&transaction, dialect, table).await? else {
        return Err(StageError::NoTable { table: table.clone() });
    };
    steps::drop_indexes_of(&transaction, dialect, table, &there, TRIED).await?;
    steps::drop_column(&transaction, dialect, table, &tried).await?;
    let sql = "SELECT 'the ' || type || ' `' || name || '`' AS object FROM sqlite_schema \
               WHERE instr(sql, $1) > 0 ORDER BY 1";
    let naming = rows(&transaction, sql, [TRIED.into()]).await?;
    let naming = naming.iter().map(|row| row.try_get("", "object")).collect::<Result<_, _>>()?;
    transaction.rollback().await?;
    Ok(naming)
}
