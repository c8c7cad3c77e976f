//! Reads a table with everything that belongs to its columns.

use sea_orm::{ConnectionTrait, DbErr};

use super::columns::read_columns;
use super::constraints::{read_foreign_keys, read_key_names};
use super::dependents::read_dependents;
use super::indexes::{key, read_indexes};
use super::name::{of, values};
use crate::database::catalog::index::Index;
use crate::database::catalog::table::Table;
use crate::database::{Dialect, row};
use crate::model::TableName;

pub(in crate::database::catalog) async fn table<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    let sql = format!(
        "SELECT table_schema AS of_schema, table_type AS kind, coalesce(engine, '') AS engine, \
         lower(coalesce(row_format, '')) AS row_format, \
         lower(coalesce(create_options, '')) AS options \
         FROM information_schema.tables WHERE {}",
        of("table_schema", "table_name")
    );
    let Some(found) = row(connection, &sql, values(name)).await? else {
        return Ok(None);
    };
    let text = |column: &str| found.try_get::<String>("", column);
    let (kind, engine) = (text("kind")?, text("engine")?);
    let columns = read_columns(connection, name).await?;
    let indexes = read_indexes(connection, name).await?;
    let mut unfit = Vec::new();
    match kind.as_str() {
        "BASE TABLE" => {
            let compressed = text("row_format")? == "compressed";
            for (found, reason) in [
                (
                    !engine.eq_ignore_ascii_case("innodb"),
                    format!("its engine is {engine}, not InnoDB"),
                ),
                (text("options")?.contains("partitioned"), "it is partitioned".to_owned()),
                (
                    compressed,
                    "its rows are compressed, and no column is added or dropped at once in such a table"
                        .to_owned(),
                ),
            ] {
                unfit.extend(found.then_some(reason));
            }
            unfit.extend(indexes.iter().filter_map(keeps_columns_out));
        }
        "SYSTEM VERSIONED" => unfit.push("it is system-versioned".to_owned()),
        other => unfit.push(format!("it is a {}", other.to_lowercase())),
    }
    if has_period(connection, name).await? {
        unfit.push("no column is added or dropped at once in a table with a PERIOD".to_owned());
    }
    let mut names = read_key_names(connection, name).await?;
    names.extend(indexes.iter().map(|index| index.name.clone()));
    Ok(Some(Table {
        schema: text("of_schema")?,
        dependents: read_dependents(connection, name, &columns, &indexes).await?,
        uncopied: Vec::new(),
        names,
        constraints: read_foreign_keys(connection, name).await?,
        statistics: Vec::new(),
        sequences: Vec::new(),
        unfinished_not_null: false,
        key: key(&columns, &indexes),
        unfit,
        columns,
        indexes,
    }))
}

/// Returns the reason if MariaDB can add a column next to this index only by copying the whole
/// table. A unique index of a text without a length is one over a hidden column.
fn keeps_columns_out(index: &Index) -> Option<String> {
    let kind = match index.method.as_str() {
        "FULLTEXT" => "full-text index",
        "HASH" if index.unique => "unique index of a text without a length",
        _ => return None,
    };
    Some(format!(
        "no column is added or dropped at once in a table with the {kind} `{}`",
        index.name
    ))
}

/// Returns true if the table has an application-time period, which the catalog does not show.
pub(in crate::database::catalog) async fn has_period<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<bool, DbErr> {
    let table = Dialect::MariaDb.quote_table(name);
    let found = row(connection, &format!("SHOW CREATE TABLE {table}"), []).await?;
    let Some(found) = found else { return Ok(false) };
    let text: String = found.try_get_by_index(1)?;
    Ok(text.contains("\n  PERIOD FOR "))
}
