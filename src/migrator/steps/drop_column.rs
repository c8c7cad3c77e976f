//! Drops a column, or renames it in place.

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::ddl::change_schema;
use crate::database::Dialect;
use crate::model::{Identifier, TableName};

/// Drops a column. Its triggers and indexes have to be dropped before.
pub(in crate::migrator) async fn drop_column<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    name: &Identifier,
) -> Result<(), StageError> {
    let (table, column) = (dialect.quote_table(table), dialect.quote(name));
    let action = match dialect {
        // An interrupted run may have dropped it already.
        Dialect::MariaDb => format!("DROP COLUMN IF EXISTS {column}, ALGORITHM=INSTANT"),
        Dialect::Sqlite | Dialect::Postgres => format!("DROP COLUMN {column}"),
    };
    change_schema(transaction, dialect, &format!("ALTER TABLE {table} {action}")).await?;
    super::crash_point("drop_column", name.as_str());
    Ok(())
}

/// Renames a column in place. Its constraints and indexes follow, and so does every reference to it
/// that the database itself keeps.
pub(in crate::migrator) async fn rename_column<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    before: &Identifier,
    after: &Identifier,
) -> Result<(), StageError> {
    let (table, before) = (dialect.quote_table(table), dialect.quote(before));
    let mut sql = format!("ALTER TABLE {table} RENAME COLUMN {before} TO {}", dialect.quote(after));
    if dialect == Dialect::MariaDb {
        sql.push_str(", ALGORITHM=INSTANT");
    }
    change_schema(transaction, dialect, &sql).await?;
    super::crash_point("rename_column", after.as_str());
    Ok(())
}
