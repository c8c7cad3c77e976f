//! Runs a statement that cannot run in a transaction (PostgreSQL).

use sea_orm::sqlx::{self, Connection as _, PgConnection, PgPool};
use sea_orm::{DbErr, RuntimeErr};

use super::Database;
use super::own_session::{Marked, is_unsupported};

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
    let Some(mut connection) = own_session(pool).await.map_err(failed)? else {
        return sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(pool)
            .await
            .map(drop)
            .map_err(failed);
    };
    let run = async {
        sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await
    };
    let ran = run.await;
    let closed = connection.close().await;
    ran.map_err(failed)?;
    closed.map_err(failed)
}

/// Connects once more; returns `None` if that connection is not a session of its own.
async fn own_session(pool: &PgPool) -> Result<Option<PgConnection>, sqlx::Error> {
    let marked = Marked::new(&pool.connect_options());
    let mut connection = match PgConnection::connect_with(&marked.options).await {
        Ok(connection) => connection,
        Err(error) if is_unsupported(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    if marked.is_own(&mut connection).await? {
        return Ok(Some(connection));
    }
    connection.close().await?;
    Ok(None)
}
