//! Connects to SQLite: one connection, and no file that only a reader asked for.

use std::path::Path;
use std::str::FromStr as _;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::sqlx::{self, ConnectOptions as _, SqlitePool};
use sea_orm::{DatabaseConnection, SqlxSqliteConnector};

use super::access::Access;
use super::target::{CONNECT_TIMEOUT, Target};
use crate::database::{ConnectError, Database, Dialect};

pub(super) async fn connect(target: Target<'_>, access: Access) -> Result<Database, ConnectError> {
    let options = SqliteConnectOptions::from_str(target.0);
    let mut options = options.map_err(|error| target.unreadable(&error))?;
    let name = options.get_filename().to_path_buf();
    let memory = in_memory(target.0, &options);
    if access == Access::Read && !memory && !name.exists() {
        options = SqliteConnectOptions::new().in_memory(true);
    }
    let connection = open(options).await.map_err(|error| target.failed(&error))?;
    Ok(Database::own(connection, Dialect::Sqlite, (!memory).then_some(name)))
}

/// `None` if the pool is to a database in memory.
pub(super) async fn beside(pool: &SqlitePool) -> Result<Option<Database>, sqlx::Error> {
    let options = pool.connect_options();
    let file = options.get_filename().to_path_buf();
    if is_private(&file) {
        return Ok(None);
    }
    let own = open((*options).clone()).await?;
    Ok(Some(Database::own(own, Dialect::Sqlite, Some(file))))
}

/// Returns true if another connection to the same name would be to another, empty database.
fn is_private(file: &Path) -> bool {
    let name = file.to_string_lossy();
    name.is_empty()
        || ["memory:", "sqlx-in-memory-", "mode=memory"].iter().any(|own| name.contains(own))
}

pub(super) fn creates_file(url: &str) -> bool {
    url.starts_with("sqlite:")
        && SqliteConnectOptions::from_str(url)
            .is_ok_and(|options| !in_memory(url, &options) && !options.get_filename().exists())
}

fn in_memory(url: &str, options: &SqliteConnectOptions) -> bool {
    options.get_filename().as_os_str().to_string_lossy().contains(":memory:")
        || url.contains("mode=memory")
}

/// Opens a pool of one connection: SQLite has one writer, and a second would only wait for it. Uses
/// sqlx's pool, because sea-orm's first asks for SQLite's version, which is the one that is
/// compiled in.
async fn open(options: SqliteConnectOptions) -> Result<DatabaseConnection, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT_TIMEOUT)
        // Unlike a connection to a server, a file cannot have gone away.
        .test_before_acquire(false)
        .connect_with(options.disable_statement_logging())
        .await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}
