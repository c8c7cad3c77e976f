use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, TryGetable, Value};
use serde::de::DeserializeOwned;

use super::Dialect;

/// Runs a statement with values; how many rows it affected.
///
/// # Errors
/// Whatever the database reports.
pub async fn execute<C, I>(connection: &C, sql: &str, values: I) -> Result<u64, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// All rows of a query with values.
///
/// # Errors
/// Whatever the database reports.
pub async fn rows<C, I>(connection: &C, sql: &str, values: I) -> Result<Vec<QueryResult>, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// The first row of a query with values, if it has one.
///
/// # Errors
/// Whatever the database reports.
pub async fn row<C, I>(connection: &C, sql: &str, values: I) -> Result<Option<QueryResult>, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    let backend = connection.get_database_backend();
    connection.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// The first column of a query's first row, if it has one.
///
/// # Errors
/// Whatever the database reports, or the value is of another type.
pub async fn get<T, C, I>(connection: &C, sql: &str, values: I) -> Result<Option<T>, DbErr>
where
    T: TryGetable,
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    row(connection, sql, values).await?.map(|row| row.try_get_by_index(0)).transpose()
}

/// Some columns of every row of a table, in no particular order.
///
/// The database packs them into one JSON text. Row by row they would cost many times as much: the
/// driver for SQLite hands each row from one thread to another and wakes it up for that.
///
/// # Errors
/// Whatever the database reports, or the columns are of other types than `T` has, in that order.
pub async fn table<T, C>(
    connection: &C,
    dialect: Dialect,
    columns: &str,
    table: &'static str,
) -> Result<Vec<T>, DbErr>
where
    T: DeserializeOwned,
    C: ConnectionTrait,
{
    let sql = match dialect {
        Dialect::Sqlite => format!("SELECT json_group_array(json_array({columns})) FROM {table}"),
        Dialect::Postgres => format!(
            "SELECT coalesce(json_agg(json_build_array({columns})), '[]')::text FROM {table}"
        ),
        Dialect::Mysql => {
            format!("SELECT coalesce(json_arrayagg(json_array({columns})), '[]') FROM {table}")
        }
    };
    let text: Option<String> = get(connection, &sql, []).await?;
    serde_json::from_str(text.as_deref().unwrap_or("[]"))
        .map_err(|error| super::tables::unreadable(table, error))
}
