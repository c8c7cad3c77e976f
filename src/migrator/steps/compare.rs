//! Compares the values of two columns, byte for byte.

use sea_orm::{ConnectionTrait, DbErr};

use super::super::stage_error::StageError;
use crate::database::catalog::Column;
use crate::database::{Dialect, get};
use crate::model::{ColumnPair, TableName};

/// The SQL condition that two expressions of the column's type differ in any byte: a collation may
/// call different texts equal, and the copy must not lose the difference.
pub(in crate::migrator) fn distinct(
    dialect: Dialect,
    column: &Column,
    left: &str,
    right: &str,
) -> String {
    match dialect {
        Dialect::Sqlite => {
            format!("({left} COLLATE BINARY IS NOT {right} OR typeof({left}) <> typeof({right}))")
        }
        Dialect::Postgres if column.collation.is_none() && compares_bytes(&column.sql_type) => {
            format!("{left} IS DISTINCT FROM {right}")
        }
        // Compares the images of rows, which also works for types without an equality, such as json.
        // Between bare rows, PostgreSQL would look for the equality of their columns.
        Dialect::Postgres => format!("ROW({left})::record *<> ROW({right})::record"),
        // Different floats can have the same text, and so can times in the hour that comes twice.
        Dialect::MariaDb => {
            format!("NOT ({left} <=> {right} AND BINARY {left} <=> BINARY {right})")
        }
    }
}

/// Returns true if equality of a PostgreSQL type means equal bytes. It does not for numbers with a
/// scale, or for floating-point zeros.
fn compares_bytes(sql_type: &str) -> bool {
    let base = sql_type.split('(').next().unwrap_or(sql_type);
    matches!(
        base,
        "text"
            | "character varying"
            | "smallint"
            | "integer"
            | "bigint"
            | "boolean"
            | "uuid"
            | "date"
            | "bytea"
            | "timestamp without time zone"
            | "timestamp with time zone"
    )
}

/// Returns true if some row differs between the two columns. Reads the whole table.
pub(in crate::migrator) async fn differ<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    rename: &ColumnPair,
    column: &Column,
) -> Result<bool, StageError> {
    let condition =
        distinct(dialect, column, &dialect.quote(&rename.from), &dialect.quote(&rename.to));
    Ok(any_row(connection, dialect, &rename.table, &condition).await?)
}

/// Returns true if the condition holds for some row. Reads the whole table.
pub(in crate::migrator) async fn any_row<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    condition: &str,
) -> Result<bool, DbErr> {
    let table = dialect.quote_table(table);
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {condition})");
    Ok(get::<bool, _, _>(connection, &sql, []).await?.unwrap_or(false))
}

/// Proves that no row differs; fails if one does.
pub(in crate::migrator) async fn compare<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    rename: &ColumnPair,
    column: &Column,
) -> Result<(), StageError> {
    if differ(connection, dialect, rename, column).await? {
        return Err(StageError::Differ {
            table: rename.table.clone(),
            from: rename.from.clone(),
            to: rename.to.clone(),
        });
    }
    Ok(())
}
