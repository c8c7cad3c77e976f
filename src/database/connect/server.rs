//! Tries a server once before the pool is opened, and checks its sessions.

use sea_orm::ConnectOptions;
use sea_orm::sqlx;

use super::target::{CONNECT_TIMEOUT, Target};
use crate::database::{ConnectError, Database, Dialect};

/// Connects once and disconnects. The pool would retry until its timeout, and then report only the
/// timeout.
pub(super) async fn probe<C: sqlx::Connection>(
    target: Target<'_>,
    options: &C::Options,
) -> Result<(), ConnectError> {
    let attempt = async { C::connect_with(options).await?.close().await };
    match tokio::time::timeout(CONNECT_TIMEOUT, attempt).await {
        Ok(result) => result.map_err(|error| target.failed(&error)),
        Err(_) => {
            Err(target.failed_with(&format!("no answer for {} s", CONNECT_TIMEOUT.as_secs())))
        }
    }
}

/// Opens the pool to a server, and checks that its sessions read SQL as handover does.
pub(super) async fn open(
    target: Target<'_>,
    mut options: ConnectOptions,
    dialect: Dialect,
) -> Result<Database, ConnectError> {
    options.sqlx_logging(false).connect_timeout(CONNECT_TIMEOUT);
    let connection =
        sea_orm::Database::connect(options).await.map_err(|error| target.failed(&error))?;
    let database = Database::own(connection, dialect, None);
    database.check_session().await?;
    Ok(database)
}
