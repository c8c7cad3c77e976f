//! A database that handover works on: its connections.

use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend};

use super::mariadb;
use super::{ConnectError, Dialect};

/// A database that handover works on.
#[derive(Debug, Clone)]
pub struct Database {
    pub(super) connection: DatabaseConnection,
    pub(super) dialect: Dialect,
    pub(super) file: Option<PathBuf>,
    /// True if the app has opened the connection, and uses it.
    pub(super) shared: bool,
}

impl Database {
    /// Wraps a connection that the caller has opened.
    ///
    /// # Errors
    /// The connection is to a database that is not supported, or that this program was compiled without.
    pub fn from_connection(connection: DatabaseConnection) -> Result<Self, ConnectError> {
        let dialect = match connection.get_database_backend() {
            DbBackend::Sqlite => Dialect::Sqlite,
            DbBackend::Postgres => Dialect::Postgres,
            DbBackend::MySql => Dialect::MariaDb,
            other => return Err(ConnectError::Scheme { url: format!("{other:?}").to_lowercase() }),
        };
        // A mock needs no driver.
        if !connection.is_mock_connection() {
            dialect.check_compiled()?;
        }
        Ok(Self { connection, dialect, file: None, shared: true })
    }

    /// Checks that a session of this connection reads SQL as handover does. Does not cover settings
    /// that the app makes in its sessions later.
    ///
    /// # Errors
    /// The session reads SQL differently, or cannot be asked.
    pub async fn check_session(&self) -> Result<(), ConnectError> {
        match self.dialect {
            Dialect::MariaDb => mariadb::check(&self.connection).await,
            Dialect::Sqlite | Dialect::Postgres => Ok(()),
        }
    }

    /// Closes the connections. A process that just exits leaves the journal of an SQLite
    /// transaction behind, which the next one rolls back.
    pub async fn close(&self) {
        if let Err(error) = self.connection.clone().close().await {
            tracing::debug!(%error, "the connections were not closed in order");
        }
    }

    /// The pool behind this database.
    #[must_use]
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Returns true if the app has opened the connection, and uses it.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.shared
    }

    /// The dialect it speaks.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The file of an SQLite database; `None` for other databases and in memory.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The maximum number of connections to a PostgreSQL server; 1 for other databases, on which the
    /// migrator has one connection.
    #[must_use]
    pub fn max_connections(&self) -> u32 {
        match &self.connection.inner {
            #[cfg(feature = "sqlx-postgres")]
            sea_orm::DatabaseConnectionType::SqlxPostgresPoolConnection(_) => {
                self.connection.get_postgres_connection_pool().options().get_max_connections()
            }
            _ => 1,
        }
    }
}
