use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::ddl::{change_schema, definition, is_always_not_null};
use crate::database::catalog::Column;
use crate::database::{Dialect, execute};
use crate::model::{Identifier, TableName};

/// Adds a column of the type, collation and, if wanted, default of `like`: one that gives each column
/// another value is sent by the shim as long as there are two. It is nullable, but on
/// SQLite where that default is a value: there `INSERT OR REPLACE` of NULL takes the default of a
/// NOT NULL column, so that of two columns only one would have got it.
///
/// On MariaDB it is added at once or not at all: a copy of the table would keep writers out for as
/// long as it takes. There a run that was cut short may have added it.
pub(in crate::migrator) async fn add_column<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    name: &Identifier,
    like: &Column,
    with_default: bool,
) -> Result<(), StageError> {
    if dialect == Dialect::Mysql {
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

/// Takes the default of a column away, while everybody sets it.
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

/// Gives a column the default of `like`, or takes its default away.
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
        // Whatever takes it away there also lets the column take NULL (`relax`). Without either, an
        // insert that leaves the column out would be refused.
        None if dialect == Dialect::Mysql => return Ok(()),
        None => "DROP DEFAULT".to_owned(),
    };
    let (table, name) = (dialect.quote_table(table), dialect.quote(column));
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} {action}");
    change_schema(transaction, dialect, &sql).await?;
    super::crash_point("set_default", column.as_str());
    Ok(())
}
