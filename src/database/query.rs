use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, TryGetable, Value};

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
