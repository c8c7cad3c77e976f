//! Listens for new epochs (PostgreSQL).

use sea_orm::DatabaseConnectionType;
use sea_orm::sqlx;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};

use super::Database;

/// The announcements of new epochs, on a connection of their own: a connection from the pool would
/// be missing there as long as it listens.
#[derive(Debug)]
pub struct Announcements(PgListener);

impl Announcements {
    /// Begins to listen; returns `None` if the database has no announcements.
    ///
    /// Through a proxy that passes a server connection from one client to the next (`PgBouncer` in
    /// transaction mode), this succeeds but no announcement arrives.
    ///
    /// # Errors
    /// No further connection can be opened, or it may not listen.
    pub async fn listen(database: &Database) -> Result<Option<Self>, sqlx::Error> {
        let connection = database.connection();
        if !matches!(connection.inner, DatabaseConnectionType::SqlxPostgresPoolConnection(_)) {
            return Ok(None);
        }
        let options = connection.get_postgres_connection_pool().connect_options();
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options.as_ref().clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen("handover_epoch").await?;
        Ok(Some(Self(listener)))
    }

    /// Waits for the next announcement, or for a moment at which one may have been missed.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn next(&mut self) -> Result<(), sqlx::Error> {
        self.0.try_recv().await.map(drop)
    }
}
