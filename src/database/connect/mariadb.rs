//! Connects to MariaDB.

use std::str::FromStr as _;

use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, MySqlPool};
use sea_orm::{ConnectOptions, SqlxMySqlConnector};

use super::server::{open, probe};
use super::target::Target;
use crate::database::{ConnectError, Database, Dialect};

pub(super) async fn connect(target: Target<'_>) -> Result<Database, ConnectError> {
    let url = url(target.0);
    let mysql = MySqlConnectOptions::from_str(&url).map_err(|error| target.unreadable(&error))?;
    probe::<MySqlConnection>(target, &mysql).await?;
    open(target, options(&url), Dialect::MariaDb).await
}

/// The URL with the scheme that the driver knows.
pub(in crate::database) fn url(url: &str) -> String {
    match url.strip_prefix("mariadb:") {
        Some(rest) => format!("mysql:{rest}"),
        None => url.to_owned(),
    }
}

/// The options for a single, permanent connection: the migration lock belongs to its session, and
/// the migrator does everything in that session. The driver's own `sql_mode` and time zone are left
/// out, so that SQL migrations mean what they mean to the server.
fn options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_mysql_opts(session_options);
    options
}

/// Leaves out the settings that the driver makes in each session.
fn session_options(options: MySqlConnectOptions) -> MySqlConnectOptions {
    options.pipes_as_concat(false).no_engine_substitution(false).timezone(None)
}

pub(super) async fn beside(pool: &MySqlPool) -> Result<Database, sqlx::Error> {
    let options = session_options((*pool.connect_options()).clone());
    let own = pool.options().clone().min_connections(0).max_connections(1);
    let own = own.idle_timeout(None).max_lifetime(None);
    let own = own.connect_with(options.disable_statement_logging()).await?;
    Ok(Database::own(SqlxMySqlConnector::from_sqlx_mysql_pool(own), Dialect::MariaDb, None))
}
