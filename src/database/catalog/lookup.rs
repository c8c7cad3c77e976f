//! Asks the kind of database for its tables and their columns.

use sea_orm::{ConnectionTrait, DbErr};

use super::{Table, mariadb, postgres, sqlite};
use crate::database::columns::listed;
use crate::database::{Dialect, get, rows};
use crate::model::{Identifier, TableName};

/// Describes a table; `None` if there is no such table.
///
/// # Errors
/// The database reports an error.
pub async fn table<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    match dialect {
        Dialect::Sqlite => sqlite::table(connection, name).await,
        Dialect::Postgres => postgres::table(connection, name).await,
        Dialect::MariaDb => mariadb::table(connection, name).await,
    }
}

/// Reads the physical columns of a table in order, and the name of its schema; `None` if there is
/// no such table. Cheaper than [`table`].
///
/// # Errors
/// The database reports an error.
pub async fn columns<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<Option<(String, Vec<String>)>, DbErr> {
    Ok(listed(connection, dialect, name).await?.map(|found| (found.schema, found.columns)))
}

/// Returns true if the database has a table other than handover's own.
///
/// # Errors
/// The database reports an error.
pub async fn has_tables<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<bool, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' \
             AND substr(name, 1, 9) <> 'handover_' AND substr(name, 1, 7) <> 'sqlite_')"
        }
        Dialect::MariaDb => {
            "SELECT EXISTS (SELECT 1 FROM information_schema.tables \
             WHERE table_schema = database() AND left(table_name, 9) <> 'handover_')"
        }
        Dialect::Postgres => {
            "SELECT EXISTS (SELECT 1 FROM information_schema.tables \
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema') \
             AND table_type = 'BASE TABLE' AND left(table_name, 9) <> 'handover_')"
        }
    };
    Ok(get::<bool, _, _>(connection, sql, []).await?.unwrap_or(false))
}

/// Reads the tables of the database, without handover's own, ordered by name.
///
/// # Errors
/// The database reports an error.
pub async fn tables<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<TableName>, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT NULL AS schema_name, name FROM sqlite_schema WHERE type = 'table' \
             AND substr(name, 1, 9) <> 'handover_' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY 2"
        }
        Dialect::MariaDb => {
            "SELECT NULL AS schema_name, table_name AS name FROM information_schema.tables \
             WHERE table_schema = database() AND table_type = 'BASE TABLE' \
             AND left(table_name, 9) <> 'handover_' ORDER BY 2"
        }
        Dialect::Postgres => {
            "SELECT table_schema::text AS schema_name, table_name::text AS name \
             FROM information_schema.tables \
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema') \
             AND table_type = 'BASE TABLE' AND left(table_name, 9) <> 'handover_' ORDER BY 1, 2"
        }
    };
    let name =
        |text: String| Identifier::new(text).map_err(|error| DbErr::Custom(error.to_string()));
    let mut found = Vec::new();
    for row in rows(connection, sql, []).await? {
        let schema: Option<String> = row.try_get("", "schema_name")?;
        let schema = schema.map(name).transpose()?;
        found.push(TableName { schema, name: name(row.try_get("", "name")?)? });
    }
    Ok(found)
}

/// The approximate number of rows of a table. SQLite counts them; the others have estimates.
///
/// # Errors
/// The database reports an error.
pub async fn estimate_rows<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<i64, DbErr> {
    let table = dialect.quote_table(name);
    let rows = match dialect {
        Dialect::Sqlite => get(connection, &format!("SELECT COUNT(*) FROM {table}"), []).await?,
        Dialect::MariaDb => {
            let sql = format!(
                "SELECT CAST(table_rows AS signed) FROM information_schema.tables WHERE {}",
                mariadb::of("table_schema", "table_name")
            );
            get::<Option<i64>, _, _>(connection, &sql, mariadb::values(name)).await?.flatten()
        }
        Dialect::Postgres => {
            // If the table was never analysed, estimate by its size.
            let sql = "SELECT CASE WHEN reltuples >= 0 THEN reltuples::bigint \
                       ELSE pg_relation_size(oid) / 100 END FROM pg_class \
                       WHERE oid = to_regclass($1)";
            get(connection, sql, [table.into()]).await?
        }
    };
    Ok(rows.unwrap_or(0))
}
