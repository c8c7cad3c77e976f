//! Connections of handover's own to the database of the app's connection.

use sea_orm::{DatabaseConnection, DatabaseConnectionType, DbErr, RuntimeErr};

#[cfg(feature = "sqlx-mysql")]
use super::mariadb;
#[cfg(feature = "sqlx-postgres")]
use super::postgres;
#[cfg(feature = "sqlx-sqlite")]
use super::sqlite;
use crate::database::{ConnectError, Database};

impl Database {
    /// Opens connections of its own to the database of a connection, with the same options: the
    /// migrator needs several on PostgreSQL, and on MariaDB one that nobody else uses. A database in
    /// memory has one connection, which is then shared.
    ///
    /// # Errors
    /// The connection is not to one of the databases that are supported, or cannot be opened again.
    pub async fn beside(connection: &DatabaseConnection) -> Result<Self, ConnectError> {
        let own = match &connection.inner {
            #[cfg(feature = "sqlx-sqlite")]
            DatabaseConnectionType::SqlxSqlitePoolConnection(_) => {
                sqlite::beside(connection.get_sqlite_connection_pool()).await
            }
            #[cfg(feature = "sqlx-postgres")]
            DatabaseConnectionType::SqlxPostgresPoolConnection(_) => {
                postgres::beside(connection.get_postgres_connection_pool()).await.map(Some)
            }
            #[cfg(feature = "sqlx-mysql")]
            DatabaseConnectionType::SqlxMySqlPoolConnection(_) => {
                mariadb::beside(connection.get_mysql_connection_pool()).await.map(Some)
            }
            _ => Ok(None),
        };
        let failed = |error| DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error)));
        let Some(own) = own.map_err(|error| ConnectError::Beside(failed(error)))? else {
            return Self::from_connection(connection.clone());
        };
        own.check_session().await?;
        Ok(own)
    }
}
