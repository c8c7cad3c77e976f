//! Reads the indexes of a table of SQLite.

use sea_orm::{ConnectionTrait, DbErr};

use super::index_text;
use super::name::quote;
use crate::database::catalog::index::{Index, IndexColumn};
use crate::database::{get, rows};
use crate::model::TableName;

pub(super) async fn read_indexes<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
    schema: &str,
) -> Result<Vec<Index>, DbErr> {
    let sql =
        "SELECT name, \"unique\", origin, partial FROM pragma_index_list($1, $2) ORDER BY seq";
    let listed = rows(connection, sql, [name.name.as_str().into(), schema.into()]).await?;
    let mut indexes = Vec::new();
    for row in &listed {
        let index: String = row.try_get("", "name")?;
        let origin: String = row.try_get("", "origin")?;
        let partial: bool = row.try_get("", "partial")?;
        let sql = "SELECT cid, name, \"desc\", coll FROM pragma_index_xinfo($1, $2) \
                   WHERE key = 1 ORDER BY seqno";
        let create = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = $1";
        let create: Option<Option<String>> =
            get(connection, create, [index.as_str().into()]).await?;
        let (expressions, predicate) =
            create.flatten().as_deref().map(index_text::parts).unwrap_or_default();
        let mut columns = Vec::new();
        let mut expression = false;
        for part in rows(connection, sql, [index.as_str().into(), schema.into()]).await? {
            let own = expressions.get(columns.len()).cloned().flatten();
            let column = part.try_get::<Option<String>>("", "name")?;
            expression |= column.is_none();
            let collation: String = part.try_get("", "coll")?;
            let descending: bool = part.try_get("", "desc")?;
            let order = if descending { " DESC" } else { "" };
            let suffix = format!(" COLLATE {}{order}", quote(&collation));
            columns.push(IndexColumn {
                expression: own.filter(|_| column.is_none()),
                name: column.unwrap_or_default(),
                suffix,
                statistics: None,
            });
        }
        indexes.push(Index {
            name: index,
            unique: row.try_get("", "unique")?,
            constraint: origin != "c",
            primary: origin == "pk",
            plain: !partial && !expression,
            columns,
            predicate,
            valid: true,
            ..Index::default()
        });
    }
    Ok(indexes)
}
