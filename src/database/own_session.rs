//! Tells whether a connection to PostgreSQL is a session of its own, or one that a proxy passes from one
//! client to the next (`PgBouncer` in transaction mode). What is set in such a session reaches other
//! clients: a setting changes their statements, and after a `LISTEN` an announcement fails them.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgDatabaseError, Postgres};
use sea_orm::sqlx::{self, Row as _};

/// The setting that marks a session.
const MARK: &str = "handover.session";

/// The options of a connection that can be told from all others: it asks the server for a session with a
/// setting that no other one has.
#[derive(Debug)]
pub(super) struct Marked {
    pub options: PgConnectOptions,
    mark: String,
}

impl Marked {
    pub fn new(options: &PgConnectOptions) -> Self {
        let mark = format!("{:032x}", rand::random::<u128>());
        // A timeout of the role would end the question on a busy server.
        let options = options.clone().options([(MARK, mark.as_str()), ("statement_timeout", "0")]);
        Self { options, mark }
    }

    /// Returns true if the session was begun with these options. A proxy that shares its sessions has begun
    /// them with its own.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn is_own<'c>(
        &self,
        connection: impl sqlx::Executor<'c, Database = Postgres>,
    ) -> Result<bool, sqlx::Error> {
        // Without a prepared statement, which a session that is shared would keep.
        let sql =
            format!("SELECT current_setting('{MARK}', true) IS NOT DISTINCT FROM '{}'", self.mark);
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_one(connection).await?;
        row.try_get(0)
    }
}

/// Returns true if whatever answers does not pass the options of a client on. Each proxy has its own error
/// for that; those of a server that is busy or does not let the role in are no answer.
pub(super) fn is_refused(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    let Some(error) = error.try_downcast_ref::<PgDatabaseError>() else {
        return false;
    };
    // too_many_connections, cannot_connect_now, invalid_authorization_specification
    !matches!(error.code(), "53300" | "57P03") && !error.code().starts_with("28")
}

/// Connects once more to see if the sessions of this pool are the process's own. They count as shared if
/// there is no further connection to be had.
///
/// # Errors
/// The connection fails after it was made.
#[cfg(feature = "migrate")]
pub(super) async fn has_own_sessions(pool: &sqlx::PgPool) -> Result<bool, sqlx::Error> {
    use sea_orm::sqlx::{Connection as _, PgConnection};
    let marked = Marked::new(&pool.connect_options());
    let Ok(mut connection) = PgConnection::connect_with(&marked.options).await else {
        return Ok(false);
    };
    let own = marked.is_own(&mut connection).await;
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "the connection was not closed in order");
    }
    own
}
