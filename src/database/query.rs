//! Statements with values, and the reading of their results.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, TryGetable, Value};
use serde::de::DeserializeOwned;

use super::Dialect;

/// Runs a statement with values, and returns the number of affected rows.
///
/// # Errors
/// The database reports an error.
pub async fn execute<C, I>(connection: &C, sql: &str, values: I) -> Result<u64, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    Ok(connection.execute_raw(statement(connection, sql, values)).await?.rows_affected())
}

/// Reads all rows of a query with values.
///
/// # Errors
/// The database reports an error.
pub async fn rows<C, I>(connection: &C, sql: &str, values: I) -> Result<Vec<QueryResult>, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    connection.query_all_raw(statement(connection, sql, values)).await
}

/// Reads the first row of a query with values, if there is one.
///
/// # Errors
/// The database reports an error.
pub async fn row<C, I>(connection: &C, sql: &str, values: I) -> Result<Option<QueryResult>, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    connection.query_one_raw(statement(connection, sql, values)).await
}

/// Reads the first column of a query's first row, if there is one.
///
/// # Errors
/// The database reports an error, or the value has another type.
pub async fn get<T, C, I>(connection: &C, sql: &str, values: I) -> Result<Option<T>, DbErr>
where
    T: TryGetable,
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    row(connection, sql, values).await?.map(|row| row.try_get_by_index(0)).transpose()
}

/// Reads some columns of every row of a table, in no particular order.
///
/// The database packs them into one JSON text. Row by row they would cost many times as much: the
/// driver for SQLite passes each row from one thread to another and wakes it up for that.
///
/// # Errors
/// The database reports an error, or the columns have other types than `T`, in that order.
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
    if dialect == Dialect::MariaDb {
        // One list of all rows would be cut off at group_concat_max_len, which is the app's to set.
        let sql = format!("SELECT CAST(json_array({columns}) AS char) FROM {table}");
        let rows = rows(connection, &sql, []).await?;
        return rows.iter().map(|row| read(&row.try_get_by_index::<String>(0)?, table)).collect();
    }
    let text: Option<String> = get(connection, &packed(dialect, columns, table), []).await?;
    unpacked(text.as_deref(), table)
}

/// The query that packs every row of a table into one JSON text, for use as a subquery. MariaDB has
/// no such query whose result is not cut off.
pub(super) fn packed(dialect: Dialect, columns: &str, table: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("SELECT json_group_array(json_array({columns})) FROM {table}"),
        Dialect::Postgres | Dialect::MariaDb => format!(
            "SELECT coalesce(json_agg(json_build_array({columns})), '[]')::text FROM {table}"
        ),
    }
}

/// Reads the result of [`packed`]; `None` means no rows.
pub(super) fn unpacked<T: DeserializeOwned>(
    json: Option<&str>,
    table: &'static str,
) -> Result<Vec<T>, DbErr> {
    read(json.unwrap_or("[]"), table)
}

fn read<T: DeserializeOwned>(json: &str, table: &'static str) -> Result<T, DbErr> {
    serde_json::from_str(json).map_err(|error| super::tables::unreadable(table, error))
}

fn statement<C, I>(connection: &C, sql: &str, values: I) -> Statement
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    let backend = connection.get_database_backend();
    if backend == DbBackend::MySql {
        let values: Vec<Value> = values.into_iter().collect();
        let (sql, order) = positional(sql);
        let values = order.iter().filter_map(|at| values.get(*at).cloned());
        return Statement::from_sql_and_values(backend, sql, values);
    }
    Statement::from_sql_and_values(backend, sql, values)
}

/// Rewrites a statement of handover's own for MariaDB and MySQL: `?` instead of `$n`, and backticks
/// instead of double quotes, in which a name would be a string there. Also returns the index of the
/// value for each `?`, counted from 0.
fn positional(sql: &str) -> (String, Vec<usize>) {
    let (mut out, mut order) = (String::with_capacity(sql.len()), Vec::new());
    let mut rest = sql.char_indices().peekable();
    while let Some((at, letter)) = rest.next() {
        match letter {
            '\'' | '`' | '"' => {
                let mark = if letter == '"' { '`' } else { letter };
                out.push(mark);
                // A doubled quote ends one piece and begins the next, which gives the same text.
                while let Some((_, inside)) = rest.next() {
                    out.push(if inside == letter { mark } else { inside });
                    if inside == letter {
                        break;
                    }
                    if inside == '\\' && letter == '\'' {
                        out.extend(rest.next().map(|(_, escaped)| escaped));
                    }
                }
            }
            '$' => {
                let digits = sql[at + 1..].len()
                    - sql[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
                match sql[at + 1..at + 1 + digits].parse::<usize>() {
                    Ok(number @ 1..) => {
                        out.push('?');
                        order.push(number - 1);
                        for _ in 0..digits {
                            rest.next();
                        }
                    }
                    _ => out.push('$'),
                }
            }
            _ => out.push(letter),
        }
    }
    (out, order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_placeholders_become_places() {
        for (sql, want, order) in [
            ("a = $2 AND b = $1 AND c = $2", "a = ? AND b = ? AND c = ?", vec![1, 0, 1]),
            ("x = $10", "x = ?", vec![9]),
            (
                "x = '$1' AND `a$1` = 'it''s \\' $1' AND y = $1",
                "x = '$1' AND `a$1` = 'it''s \\' $1' AND y = ?",
                vec![0],
            ),
            (r#"SELECT "release", "cursor" FROM t"#, "SELECT `release`, `cursor` FROM t", vec![]),
            ("SELECT '\"ä\"', $", "SELECT '\"ä\"', $", vec![]),
        ] {
            assert_eq!(positional(sql), (want.to_owned(), order), "{sql}");
        }
    }
}
