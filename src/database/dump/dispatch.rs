//! Asks the kind of database for its schema.

#[cfg(feature = "sqlx-mysql")]
use super::mariadb;
#[cfg(feature = "sqlx-postgres")]
use super::postgres;
use super::{DumpFailure, sqlite};
#[cfg(not(all(feature = "sqlx-postgres", feature = "sqlx-mysql")))]
use crate::database::NotCompiled;
use crate::database::{Database, Dialect};

/// The statements that create this database's schema in an empty one, without handover's own tables
/// and triggers. With the same version of the database's dump program, the same schema gives the
/// same bytes. `url` is the URL of the connection.
///
/// # Errors
/// The database or its dump program reports an error.
pub async fn schema(database: &Database, url: &str) -> Result<String, DumpFailure> {
    match database.dialect() {
        Dialect::Sqlite => Ok(sqlite::schema(database.connection(), false).await?),
        #[cfg(feature = "sqlx-postgres")]
        Dialect::Postgres => postgres::schema(database.connection(), url).await,
        #[cfg(feature = "sqlx-mysql")]
        Dialect::MariaDb => mariadb::schema(database.connection(), url).await,
        #[cfg(not(all(feature = "sqlx-postgres", feature = "sqlx-mysql")))]
        other => {
            let _ = url;
            Err(DumpFailure::Database(NotCompiled(other).into()))
        }
    }
}

/// Does the same as [`schema`], but includes the guards of changes that are under way.
///
/// # Errors
/// The same as for [`schema`].
pub async fn schema_with_guards(database: &Database, url: &str) -> Result<String, DumpFailure> {
    match database.dialect() {
        Dialect::Sqlite => Ok(sqlite::schema(database.connection(), true).await?),
        // On these, no caller needs a schema without guards while a change is under way.
        Dialect::Postgres | Dialect::MariaDb => schema(database, url).await,
    }
}
