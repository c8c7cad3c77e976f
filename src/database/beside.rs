//! Connections of handover's own to the database of a connection that the app has opened.

use std::path::Path;

use sea_orm::sqlx::{self, ConnectOptions as _};
use sea_orm::{
    DatabaseConnection, DatabaseConnectionType, DbErr, RuntimeErr, SqlxMySqlConnector,
    SqlxPostgresConnector,
};

use super::connect::{POOL, connect_sqlite};
use super::{ConnectError, Database, Dialect, mariadb};

impl Database {
    /// Opens connections of its own to the database of a connection, with the same options: the
    /// migrator needs several on PostgreSQL, and on MariaDB one that nobody else uses. A database in
    /// memory has one connection, which is then shared.
    ///
    /// # Errors
    /// The connection is not to one of the databases that are supported, or cannot be opened again.
    pub async fn beside(connection: &DatabaseConnection) -> Result<Self, ConnectError> {
        let shared = || Self::from_connection(connection.clone());
        let database = match &connection.inner {
            DatabaseConnectionType::SqlxSqlitePoolConnection(_) => {
                let options = connection.get_sqlite_connection_pool().connect_options();
                let file = options.get_filename().to_path_buf();
                if in_memory(&file) {
                    return shared();
                }
                let own = connect_sqlite((*options).clone()).await.map_err(failed)?;
                Self::new(own, Dialect::Sqlite, Some(file))
            }
            DatabaseConnectionType::SqlxPostgresPoolConnection(_) => {
                let pool = connection.get_postgres_connection_pool();
                let options = (*pool.connect_options()).clone();
                let options = options.application_name("handover").disable_statement_logging();
                // The pool's options have what the app does in each new session, such as setting the
                // search path.
                let own = pool.options().clone().min_connections(0).max_connections(POOL);
                let own = own.connect_with(options).await.map_err(failed)?;
                let own = SqlxPostgresConnector::from_sqlx_postgres_pool(own);
                Self::new(own, Dialect::Postgres, None)
            }
            DatabaseConnectionType::SqlxMySqlPoolConnection(_) => {
                let pool = connection.get_mysql_connection_pool();
                let options = mariadb::session_options((*pool.connect_options()).clone());
                let own = pool.options().clone().min_connections(0).max_connections(1);
                let own = own.idle_timeout(None).max_lifetime(None);
                let own = own.connect_with(options.disable_statement_logging()).await;
                let own = SqlxMySqlConnector::from_sqlx_mysql_pool(own.map_err(failed)?);
                Self::new(own, Dialect::MariaDb, None)
            }
            _ => return shared(),
        };
        database.check_session().await?;
        Ok(database)
    }
}

/// Returns true if another connection to the same name would be to another, empty database.
fn in_memory(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.is_empty()
        || ["memory:", "sqlx-in-memory-", "mode=memory"].iter().any(|own| name.contains(own))
}

fn failed(error: sqlx::Error) -> ConnectError {
    let error = DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error)));
    ConnectError::Beside(error)
}
