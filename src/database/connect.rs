use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::sqlx::{self, ConnectOptions as _};
use sea_orm::{
    AccessMode, ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait,
};

use super::mariadb;
use super::message::plain;
use super::redact::{hide, redact};
use super::{ConnectError, Dialect, Fault, fault};

/// The maximum time that a database may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum number of connections: a copy may have sixteen workers, and few runs need more than
/// three.
pub(super) const POOL: u32 = 20;

/// A database that the migrator works on.
#[derive(Debug, Clone)]
pub struct Database {
    connection: DatabaseConnection,
    dialect: Dialect,
    file: Option<PathBuf>,
    /// True if the app has opened the connection, and uses it.
    shared: bool,
}

/// The access to the database that a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read only: no file is created, nothing is written.
    Read,
    /// Migrate; an SQLite file is created if the URL allows it.
    Write,
}

impl Database {
    /// Connects to the database of a URL.
    ///
    /// For [`Access::Read`], an SQLite file that does not exist counts as an empty database and is
    /// not created.
    ///
    /// # Errors
    /// The URL is not valid or the database cannot be reached. No message contains the password.
    pub async fn connect(url: &str, access: Access) -> Result<Self, ConnectError> {
        let shown = redact(url);
        let url_error = |message: String| ConnectError::Url {
            url: shown.clone(),
            message: hide(url, &plain(&message)),
        };
        let failed = |message: String| ConnectError::Connect {
            url: shown.clone(),
            message: hide(url, &message),
        };
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).max_connections(POOL).connect_timeout(CONNECT_TIMEOUT);
        let Some(dialect) = Dialect::of_url(url) else {
            return Err(ConnectError::Scheme { url: shown });
        };
        match dialect {
            Dialect::Sqlite => {
                let mut sqlite = SqliteConnectOptions::from_str(url)
                    .map_err(|error| url_error(error.to_string()))?;
                let name = sqlite.get_filename().to_path_buf();
                let memory = in_memory(url, &sqlite);
                if access == Access::Read && !memory && !name.exists() {
                    sqlite = SqliteConnectOptions::new().in_memory(true);
                }
                let connection =
                    connect_sqlite(sqlite).await.map_err(|error| failed(root_message(&error)))?;
                return Ok(Self::new(connection, dialect, (!memory).then_some(name)));
            }
            Dialect::Postgres => {
                let postgres = PgConnectOptions::from_str(url)
                    .map_err(|error| url_error(error.to_string()))?;
                probe::<PgConnection>(&postgres).await.map_err(&failed)?;
                options.set_application_name("handover");
            }
            Dialect::MariaDb => {
                let url = mariadb::url(url);
                let mysql = MySqlConnectOptions::from_str(&url)
                    .map_err(|error| url_error(error.to_string()))?;
                probe::<MySqlConnection>(&mysql).await.map_err(&failed)?;
                options = mariadb::options(&url);
                options.connect_timeout(CONNECT_TIMEOUT);
            }
        }
        let connection = sea_orm::Database::connect(options)
            .await
            .map_err(|error| failed(root_message(&error)))?;
        let database = Self::new(connection, dialect, None);
        database.check_session().await?;
        Ok(database)
    }

    /// Turns the error of the first statement into a connection error if the SQLite file is not a
    /// database: SQLite does not read a file before that.
    #[must_use]
    pub fn not_a_database(url: &str, first: &DbErr) -> Option<ConnectError> {
        (fault(first) == Fault::NoDatabase).then(|| ConnectError::Connect {
            url: redact(url),
            message: hide(url, &root_message(first)),
        })
    }

    /// Returns true if connecting with [`Access::Write`] creates a file that does not exist yet.
    #[must_use]
    pub fn creates_file(url: &str) -> bool {
        url.starts_with("sqlite:")
            && SqliteConnectOptions::from_str(url)
                .is_ok_and(|sqlite| !in_memory(url, &sqlite) && !sqlite.get_filename().exists())
    }

    /// Puts together a database that was connected to.
    pub(super) const fn new(
        connection: DatabaseConnection,
        dialect: Dialect,
        file: Option<PathBuf>,
    ) -> Self {
        Self { connection, dialect, file, shared: false }
    }

    /// Wraps a connection that the caller has opened.
    ///
    /// # Errors
    /// The connection is to a database that is not supported.
    pub fn from_connection(connection: DatabaseConnection) -> Result<Self, ConnectError> {
        let dialect = match connection.get_database_backend() {
            DbBackend::Sqlite => Dialect::Sqlite,
            DbBackend::Postgres => Dialect::Postgres,
            DbBackend::MySql => Dialect::MariaDb,
            other => return Err(ConnectError::Scheme { url: format!("{other:?}").to_lowercase() }),
        };
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

    /// Begins a transaction that writes. On SQLite it takes the write lock at once, so that it
    /// never has to upgrade a read transaction, which fails under a concurrent writer.
    ///
    /// # Errors
    /// The connection fails, or the write lock is not free.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(Some(SqliteTransactionMode::Immediate)).await
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn begin_reading(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(None).await
    }

    async fn begin_as(
        &self,
        sqlite: Option<SqliteTransactionMode>,
    ) -> Result<DatabaseTransaction, DbErr> {
        let isolation_level = Some(match self.dialect {
            // A lower level would copy past a row that an open transaction has written, and lose
            // that write (docs/explanation/protocol.md, section 4). The first read without a lock determines
            // the snapshot, so locks are taken first.
            Dialect::MariaDb => IsolationLevel::RepeatableRead,
            // Each statement after a lock has to see what was committed before the lock was taken,
            // even if the role or database is set to another isolation level.
            Dialect::Sqlite | Dialect::Postgres => IsolationLevel::ReadCommitted,
        });
        let options = match self.dialect {
            Dialect::Sqlite => TransactionOptions {
                sqlite_transaction_mode: sqlite,
                ..TransactionOptions::default()
            },
            Dialect::Postgres | Dialect::MariaDb => {
                // A role may be read-only by default.
                let access_mode = sqlite.map(|_| AccessMode::ReadWrite);
                TransactionOptions { isolation_level, access_mode, ..TransactionOptions::default() }
            }
        };
        self.connection.begin_with_options(options).await
    }
}

fn in_memory(url: &str, sqlite: &SqliteConnectOptions) -> bool {
    sqlite.get_filename().as_os_str().to_string_lossy().contains(":memory:")
        || url.contains("mode=memory")
}

/// Opens a pool of one connection: SQLite has one writer, and a second would only wait for it. Uses
/// sqlx's pool, because sea-orm's first asks for SQLite's version, which is the one that is
/// compiled in.
pub(super) async fn connect_sqlite(
    options: SqliteConnectOptions,
) -> Result<DatabaseConnection, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT_TIMEOUT)
        // Unlike a connection to a server, a file cannot have gone away.
        .test_before_acquire(false)
        .connect_with(options.disable_statement_logging())
        .await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Connects once and disconnects. The pool would retry until its timeout, and then report only the
/// timeout.
async fn probe<C: sqlx::Connection>(options: &C::Options) -> Result<(), String> {
    let attempt = async { C::connect_with(options).await?.close().await };
    match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
        Ok(result) => result.map_err(|error| root_message(&error)),
        Err(_) => Err(format!("no answer for {} s", CONNECT_TIMEOUT.as_secs())),
    }
}

/// The innermost message: the outer ones only repeat it with a prefix.
fn root_message(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    plain(&last.to_string())
}
