//! Runs a statement that cannot run in a transaction (PostgreSQL).

use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{DbErr, RuntimeErr};

use super::Database;
use super::own_session::has_own_sessions;

/// The statements that set what [`postgres_settings`](super::postgres_settings) sets for a transaction, for
/// a session that runs one statement and waits for locks without a limit.
const SETTINGS: &str = "SET lock_timeout = 0; SET statement_timeout = 0; SET row_security = off; \
    SET default_tablespace = ''; SET idle_in_transaction_session_timeout = 0; \
    SET default_transaction_isolation = 'read committed'; \
    SET default_transaction_read_only = off; SET timezone = 'UTC'; \
    SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'";

/// Runs a statement that cannot run in a transaction, in a session of its own (PostgreSQL). It
/// waits for locks without a limit: such a statement blocks nobody while it waits.
///
/// Behind a proxy that may pass the session to other clients, it runs with the settings of the role: those
/// of a session would stay there, and change the statements of other clients.
///
/// # Errors
/// The database reports an error.
pub async fn run_alone(database: &Database, sql: &str) -> Result<(), DbErr> {
    let failed = |error| DbErr::Exec(RuntimeErr::SqlxError(std::sync::Arc::new(error)));
    let pool = database.connection().get_postgres_connection_pool();
    if !has_own_sessions(pool).await.map_err(failed)? {
        return sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(pool)
            .await
            .map(drop)
            .map_err(failed);
    }
    // One of the pool, which may prepare its sessions in a way of its own.
    let connection = pool.acquire().await.map_err(failed)?;
    let mut connection = connection.detach();
    let run = async {
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await
    };
    let ran = run.await;
    // The connection has its own settings, so it must not go back to the pool.
    let closed = connection.close().await;
    ran.map_err(failed)?;
    closed.map_err(failed)
}
