//! Tells whether a connection to PostgreSQL is a session of its own, or one that a proxy passes from one
//! client to the next (`PgBouncer` in transaction mode). What is set in such a session reaches other
//! clients: a setting changes their statements, and after a `LISTEN` an announcement fails them.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgDatabaseError, Postgres};
use sea_orm::sqlx::{self, Row as _};

/// The setting that marks a session.
const MARK: &str = "handover.session";

/// The error of a proxy that does not pass on the options of a client: `protocol_violation`.
const UNSUPPORTED_OPTION: &str = "08P01";

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
        Self { options: options.clone().options([(MARK, &mark)]), mark }
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

/// Returns true if a proxy refused the options.
pub(super) fn is_unsupported(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let error = error.try_downcast_ref::<PgDatabaseError>();
    error.is_some_and(|error| error.code() == UNSUPPORTED_OPTION)
}
