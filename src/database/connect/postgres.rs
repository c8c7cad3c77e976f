//! Connects to PostgreSQL.

use std::str::FromStr as _;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, PgPool};
use sea_orm::{ConnectOptions, SqlxPostgresConnector};

use super::server::{open, probe};
use super::target::Target;
use crate::database::{ConnectError, Database, Dialect};

/// The maximum number of connections: a copy may have sixteen workers, and few runs need more than
/// three.
const POOL: u32 = 20;

pub(super) async fn connect(target: Target<'_>) -> Result<Database, ConnectError> {
    let postgres =
        PgConnectOptions::from_str(target.0).map_err(|error| target.unreadable(&error))?;
    probe::<PgConnection>(target, &postgres).await?;
    let mut options = ConnectOptions::new(target.0);
    options.max_connections(POOL).set_application_name("handover");
    open(target, options, Dialect::Postgres).await
}

pub(super) async fn beside(pool: &PgPool) -> Result<Database, sqlx::Error> {
    let options = (*pool.connect_options()).clone();
    let options = options.application_name("handover").disable_statement_logging();
    // The pool's options have what the app does in each new session, such as setting the search path.
    let own = pool.options().clone().min_connections(0).max_connections(POOL);
    let own = own.connect_with(options).await?;
    Ok(Database::own(SqlxPostgresConnector::from_sqlx_postgres_pool(own), Dialect::Postgres, None))
}
