//! Every row of the app's tables as text, to compare two databases.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr};

use super::{Dialect, catalog, rows};
use crate::model::Identifier;

/// Reads every row of the app's tables as text, in an order that depends only on the contents.
///
/// # Errors
/// The database reports an error.
pub async fn contents<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<String, DbErr> {
    let mut text = String::new();
    for table in catalog::tables(connection, dialect).await? {
        let quoted = dialect.quote_table(&table);
        let columns = catalog::columns(connection, dialect, &table).await?.unwrap_or_default().1;
        let each = |call: fn(&str) -> String| {
            let names = columns.iter().filter_map(|name| Identifier::new(name.as_str()).ok());
            names.map(|name| call(&dialect.quote(&name))).collect::<Vec<_>>().join(", ',', ")
        };
        let row = match dialect {
            Dialect::Postgres => "ROW(t.*)::text".to_owned(),
            Dialect::Sqlite => {
                each(|name| format!("quote({name})")).replace(", ',', ", " || ',' || ")
            }
            Dialect::MariaDb => {
                let all = each(|name| format!("ifnull(hex(CAST({name} AS binary)), 'null')"));
                format!("concat({all})")
            }
        };
        if row.is_empty() || columns.is_empty() {
            continue;
        }
        let sql = format!("SELECT {row} AS whole FROM {quoted} AS t ORDER BY 1");
        for row in rows(connection, &sql, []).await? {
            let _ = writeln!(text, "{table}: {}", row.try_get::<String>("", "whole")?);
        }
    }
    Ok(text)
}
