//! Listens for new epochs (PostgreSQL).

use sea_orm::DatabaseConnectionType;
use sea_orm::sqlx;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};

use super::Database;
use super::own_session::{Marked, is_refused};

/// The announcements of new epochs, on a connection of their own: a connection from the pool would
/// be missing there as long as it listens.
#[derive(Debug)]
pub struct Announcements(PgListener);

/// Returns true if a proxy may pass the sessions of this database on, as long as nobody has looked.
#[must_use]
pub fn may_share_sessions(database: &Database) -> bool {
    matches!(database.connection().inner, DatabaseConnectionType::SqlxPostgresPoolConnection(_))
}

impl Announcements {
    /// Begins to listen; returns `None` if the database has no announcements, or if a proxy may pass the
    /// session to other clients (`PgBouncer` in transaction mode): the announcements would reach them, and
    /// fail the statement that they are waiting for.
    ///
    /// # Errors
    /// No further connection can be opened, or it may not listen.
    pub async fn listen(database: &Database) -> Result<Option<Self>, sqlx::Error> {
        let connection = database.connection();
        if !may_share_sessions(database) {
            return Ok(None);
        }
        let marked = Marked::new(&connection.get_postgres_connection_pool().connect_options());
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(marked.options.clone());
        let mut listener = match PgListener::connect_with(&own).await {
            Ok(listener) => listener,
            Err(error) if is_refused(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !marked.is_own(&mut listener).await? {
            return Ok(None);
        }
        // A new connection has to be looked at again.
        listener.eager_reconnect(false);
        listener.listen("handover_epoch").await?;
        Ok(Some(Self(listener)))
    }

    /// Waits for the next announcement.
    ///
    /// # Errors
    /// The connection is lost, and an announcement may have been missed.
    pub async fn next(&mut self) -> Result<(), sqlx::Error> {
        let lost = || sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into());
        self.0.try_recv().await?.map(drop).ok_or_else(lost)
    }
}
