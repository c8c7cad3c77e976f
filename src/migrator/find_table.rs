//! Finds the table that a change is about, independent of the schemas that a session searches.

use sea_orm::DbErr;

use super::allowed_objects::Note;
use crate::database::{Database, Dialect, catalog, tables};
use crate::model::{Change, Identifier, TableName};

/// Adds to the change the schema of its table: the one that expand noted, or else the one found now.
///
/// Only PostgreSQL looks for a table in several schemas. Elsewhere, a table without a schema is in
/// the database that has the record of the changes.
pub(super) async fn resolve(database: &Database, change: &Change) -> Result<Change, DbErr> {
    let rename = change.columns();
    if database.dialect() != Dialect::Postgres || rename.table.schema.is_some() {
        return Ok(change.clone());
    }
    let schema = match noted(database, change).await? {
        Some(schema) => Some(schema),
        None => found(database, &rename.table).await?,
    };
    let schema = schema.and_then(|schema| Identifier::new(schema).ok());
    let table = TableName { schema, name: rename.table.name.clone() };
    Ok(Change { name: change.name.clone(), kind: change.kind.with_table(table) })
}

async fn noted(database: &Database, change: &Change) -> Result<Option<String>, DbErr> {
    let connection = database.connection();
    if !tables::exist(connection, database.dialect()).await? {
        return Ok(None);
    }
    let note = tables::definition(connection, &change.name).await?;
    let noted = note.and_then(|note| serde_json::from_str::<Note>(&note).ok());
    Ok(noted.and_then(|noted| noted.schema))
}

async fn found(database: &Database, table: &TableName) -> Result<Option<String>, DbErr> {
    let found = catalog::columns(database.connection(), database.dialect(), table).await?;
    Ok(found.map(|(schema, _)| schema))
}
