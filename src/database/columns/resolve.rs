//! Reads the columns of the table that a bare name means on a connection.

use sea_orm::{ConnectionTrait, DbErr};

use super::names::Listed;
use crate::database::{Dialect, Fault, fault, rows};
use crate::model::TableName;

/// Reads the columns of the table or view that a statement on this connection means by a name: the
/// database itself finds it, by its search path, and temporary tables first. `None` if there is no
/// such table. `schema` is left empty.
///
/// # Errors
/// The database reports an error.
pub async fn resolve<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<Option<Listed>, DbErr> {
    let listed = match dialect {
        Dialect::Sqlite => sqlite(connection, name).await?,
        Dialect::Postgres => postgres(connection, name).await?,
        Dialect::MariaDb => mariadb(connection, name).await?,
    };
    Ok((!listed.columns.is_empty()).then_some(listed))
}

async fn sqlite<C: ConnectionTrait>(connection: &C, name: &TableName) -> Result<Listed, DbErr> {
    let table = name.name.as_str().into();
    let found = match &name.schema {
        None => {
            let sql = "SELECT name, hidden FROM pragma_table_xinfo($1) ORDER BY cid";
            rows(connection, sql, [table]).await?
        }
        Some(schema) => {
            let sql = "SELECT name, hidden FROM pragma_table_xinfo($1, $2) ORDER BY cid";
            rows(connection, sql, [table, schema.as_str().into()]).await?
        }
    };
    let mut listed = Listed::default();
    for row in found {
        let name: String = row.try_get("", "name")?;
        // A hidden column of a virtual table, which `*` leaves out.
        if row.try_get::<i64>("", "hidden")? == 1 {
            listed.invisible.push(name.clone());
        }
        listed.columns.push(name);
    }
    Ok(listed)
}

async fn postgres<C: ConnectionTrait>(connection: &C, name: &TableName) -> Result<Listed, DbErr> {
    let sql = "SELECT attname::text AS name FROM pg_catalog.pg_attribute \
               WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped \
               ORDER BY attnum";
    let found = rows(connection, sql, [Dialect::Postgres.quote_table(name).into()]).await?;
    let columns = found.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
    Ok(Listed { columns, ..Listed::default() })
}

/// By `SHOW`, since the tables of the information schema leave out temporary tables.
async fn mariadb<C: ConnectionTrait>(connection: &C, name: &TableName) -> Result<Listed, DbErr> {
    let sql = format!("SHOW COLUMNS FROM {}", Dialect::MariaDb.quote_table(name));
    let found = match rows(connection, &sql, []).await {
        Err(error) if fault(&error) == Fault::UndefinedTable => Vec::new(),
        found => found?,
    };
    let mut listed = Listed::default();
    for row in found {
        let name: String = row.try_get_by_index(0)?;
        if row.try_get::<String>("", "Extra")?.to_lowercase().contains("invisible") {
            listed.invisible.push(name.clone());
        }
        listed.columns.push(name);
    }
    Ok(listed)
}

/// Sends a query of a table, so that the database itself says why it has no such table.
///
/// # Errors
/// There is no such table, or the database reports another error.
pub async fn look_for<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<(), DbErr> {
    let sql = format!("SELECT 1 FROM {} WHERE 1 = 0", dialect.quote_table(name));
    rows(connection, &sql, []).await.map(drop)
}
