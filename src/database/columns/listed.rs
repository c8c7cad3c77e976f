//! Reads the names of the columns of tables, in one statement for all of them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::mariadb_name::{mariadb_values, of_parameters};
use super::names::Listed;
use crate::database::{Dialect, rows};
use crate::model::{Identifier, TableName};

/// Reads the physical columns of a table in order, and tells which columns are left out if a statement
/// names none; `None` if there is no such table.
///
/// # Errors
/// The database reports an error.
pub async fn listed<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    name: &TableName,
) -> Result<Option<Listed>, DbErr> {
    Ok(listed_each(connection, dialect, &[name]).await?.remove(name))
}

/// The largest number of tables that one statement asks for. SQLite takes 500 parts of a `UNION`.
const TABLES_AT_ONCE: usize = 200;

/// Does the same as [`listed`] for several tables, in one statement. Those that do not exist are left
/// out.
///
/// # Errors
/// The database reports an error.
pub async fn listed_each<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    names: &[&TableName],
) -> Result<HashMap<TableName, Listed>, DbErr> {
    let mut found = HashMap::new();
    for names in names.chunks(TABLES_AT_ONCE) {
        let (mut parts, mut parameters) = (Vec::new(), Vec::new());
        for (table, name) in names.iter().enumerate() {
            let first = parameters.len() + 1;
            parts.push(match dialect {
                Dialect::Sqlite => sqlite(table, first),
                Dialect::Postgres => postgres(table, first),
                Dialect::MariaDb => mariadb(table, first),
            });
            match dialect {
                Dialect::Sqlite => parameters.extend(sqlite_values(name)),
                Dialect::Postgres => parameters.push(dialect.quote_table(name).into()),
                Dialect::MariaDb => parameters.extend(mariadb_values(name)),
            }
        }
        let sql = format!("{} ORDER BY place", parts.join(" UNION ALL "));
        for row in rows(connection, &sql, parameters).await? {
            let text = |column: &str| row.try_get::<String>("", column);
            let table: usize = text("of_table")?.parse().unwrap_or(usize::MAX);
            let Some(name) = names.get(table) else { continue };
            let listed: &mut Listed = found.entry((*name).clone()).or_default();
            listed.schema = text("of_schema")?;
            let name = text("name")?;
            match text("kind")?.as_str() {
                "invisible" => listed.invisible.push(name.clone()),
                "generated" => listed.generated.push(name.clone()),
                _ => {}
            }
            listed.columns.push(name);
        }
    }
    Ok(found)
}

/// A query of the columns of one table.
fn sqlite(table: usize, first: usize) -> String {
    let second = first + 1;
    format!(
        "SELECT '{table}' AS of_table, ${first} AS of_schema, name, \
         CASE WHEN hidden > 1 THEN 'generated' ELSE '' END AS kind, cid AS place \
         FROM pragma_table_xinfo(${second}, ${first}) WHERE hidden <> 1"
    )
}

/// The values for the parameters of [`sqlite`].
fn sqlite_values(name: &TableName) -> [Value; 2] {
    let schema = name.schema.as_ref().map_or("main", Identifier::as_str);
    [schema.into(), name.name.as_str().into()]
}

fn postgres(table: usize, first: usize) -> String {
    format!(
        "SELECT '{table}'::text AS of_table, n.nspname::text AS of_schema, a.attname::text AS name, \
         ''::text AS kind, a.attnum AS place FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE a.attrelid = to_regclass(${first}) AND a.attnum > 0 AND NOT a.attisdropped"
    )
}

fn mariadb(table: usize, first: usize) -> String {
    let of_table = of_parameters("table_schema", "table_name", first);
    format!(
        "SELECT '{table}' AS of_table, table_schema AS of_schema, column_name AS name, \
         CASE WHEN lower(extra) LIKE '%invisible%' THEN 'invisible' ELSE '' END AS kind, \
         ordinal_position AS place FROM information_schema.columns WHERE {of_table}"
    )
}
