//! Tells the listeners that the epoch has changed.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// Tells all listeners, when the transaction is committed, that the epoch has changed. Nothing
/// depends on it, since every instance also looks regularly. It has no payload, because a listener
/// has to look anyway, and `pg_notify`, which would take one as a parameter, may have been revoked.
///
/// # Errors
/// The database reports an error.
pub async fn announce_epoch<C: ConnectionTrait>(transaction: &C) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("NOTIFY handover_epoch").await?;
    }
    Ok(())
}
