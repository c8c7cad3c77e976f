//! Adds a column, and sets or drops the default of one.

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::ddl::{change_schema, definition, is_always_not_null};
use crate::database::catalog::Column;
use crate::database::{Dialect, execute};
use crate::model::{Identifier, TableName};

/// Adds a column with the type, collation and, if wanted, default of `like`. A default that differs
/// for each row is not added: the shim sends it as long as there are two columns. The column is
/// nullable, except on SQLite if the default is a value: there `INSERT OR REPLACE` of NULL takes the
/// default of a NOT NULL column, so only one of the two columns would get it.
///
/// On MariaDB it is added at once or not at all: copying the table would keep writers out for as long
/// as that takes. There an interrupted run may have added it.
pub(in crate::migrator) async fn add_column<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    name: &Identifier,
    like: &Column,
    with_default: bool,
) -> Result<(), StageError> {
    if dialect == Dialect::MariaDb {
        let given = (with_default && like.default_repeats) || is_always_not_null(like);
        let default = like.default.as_deref().filter(|_| given);
        let sql = format!(
            "ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}, ALGORITHM=INSTANT",
            dialect.quote_table(table),
            definition(name, like, false, default)
        );
        change_schema(transaction, dialect, &sql).await?;
        super::crash_point("add_column", name.as_str());
        return Ok(());
    }
    let mut sql = format!(
        "ALTER TABLE {} ADD COLUMN {} {}",
        dialect.quote_table(table),
        dialect.quote(name),
        like.sql_type
    );
    if let Some(collation) = &like.collation {
        sql.push_str(" COLLATE ");
        sql.push_str(collation);
    }
    if let Some(default) = like.default.as_ref().filter(|_| with_default && like.default_repeats) {
        sql.push_str(" DEFAULT ");
        sql.push_str(default);
        if dialect == Dialect::Sqlite && like.not_null && !default.eq_ignore_ascii_case("null") {
            sql.push_str(" NOT NULL");
        }
    }
    execute(transaction, &sql, []).await?;
    super::crash_point("add_column", name.as_str());
    Ok(())
}

/// Drops the default of a column, at a time when everybody sets the column.
pub(in crate::migrator) async fn drop_default<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    name: &Identifier,
) -> Result<(), StageError> {
    let (table, name) = (dialect.quote_table(table), dialect.quote(name));
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT");
    change_schema(transaction, dialect, &sql).await?;
    Ok(())
}

/// Gives a column the default of `like`, or drops its default.
pub(in crate::migrator) async fn set_default<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
    default: Option<&str>,
) -> Result<(), StageError> {
    let action = match default {
        // MariaDB takes an expression in brackets only.
        Some(default) => format!("SET DEFAULT ({default})"),
        // On MariaDB, `relax` drops the default and also lets the column take NULL. With the default
        // gone and NULL refused, an insert that leaves the column out would fail.
        None if dialect == Dialect::MariaDb => return Ok(()),
        None => "DROP DEFAULT".to_owned(),
    };
    let (table, name) = (dialect.quote_table(table), dialect.quote(column));
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} {action}");
    change_schema(transaction, dialect, &sql).await?;
    super::crash_point("set_default", column.as_str());
    Ok(())
}
