use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{DbErr, RuntimeErr};

use super::Database;
use super::session::alone_settings;

/// Runs a statement that cannot run in a transaction, in a session of its own (PostgreSQL). It
/// waits for locks without a limit: such a statement blocks nobody while it waits.
///
/// # Errors
/// The database reports an error.
pub async fn run_alone(database: &Database, sql: &str) -> Result<(), DbErr> {
    let failed = |error| DbErr::Exec(RuntimeErr::SqlxError(std::sync::Arc::new(error)));
    let pool = database.connection().get_postgres_connection_pool();
    let connection = pool.acquire().await.map_err(failed)?;
    let mut connection = connection.detach();
    let run = async {
        sqlx::raw_sql(alone_settings()).execute(&mut connection).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await
    };
    let ran = run.await;
    // The connection has its own settings, so it must not go back to the pool.
    let closed = connection.close().await;
    ran.map_err(failed)?;
    closed.map_err(failed)
}
