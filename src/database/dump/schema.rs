use super::{DumpFailure, mysql, postgres, sqlite};
use crate::database::{Database, Dialect};

/// The statements that make the schema of this database in an empty one, without handover's own
/// tables and triggers. The same schema gives the same bytes, with the same version of the
/// database's program. `url` is that of the connection.
///
/// # Errors
/// The database, or its program for dumps, fails.
pub async fn schema(database: &Database, url: &str) -> Result<String, DumpFailure> {
    match database.dialect() {
        Dialect::Sqlite => Ok(sqlite::schema(database.connection(), false).await?),
        Dialect::Postgres => postgres::schema(database.connection(), url).await,
        Dialect::Mysql => mysql::schema(database.connection(), url).await,
    }
}

/// As [`schema`], with the guards of changes that are under way.
///
/// # Errors
/// As [`schema`].
pub async fn schema_with_guards(database: &Database, url: &str) -> Result<String, DumpFailure> {
    match database.dialect() {
        Dialect::Sqlite => Ok(sqlite::schema(database.connection(), true).await?),
        // Nobody asks these for a schema without them while a change is under way.
        Dialect::Postgres | Dialect::Mysql => schema(database, url).await,
    }
}
