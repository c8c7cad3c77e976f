//! What a process tells the database of itself, besides its lease.

use sea_orm::DbErr;

use super::lease::Lease;
use super::registration::Registration;
use crate::database::tables;
use crate::fleet::Identity;

impl Lease {
    /// Records the format and the client of a registered process, and the changes that its code has followed,
    /// until the tables have columns for them.
    pub(super) async fn record_itself(&self, registration: &mut Registration) -> Result<(), DbErr> {
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        let id = &self.identity.id;
        if !registration.format_recorded {
            registration.format_recorded = tables::record_format(connection, dialect, id).await?;
        }
        if let Some(client) = registration.client.as_ref().filter(|_| !registration.client_recorded)
        {
            registration.client_recorded =
                tables::record_client(connection, dialect, id, client).await?;
        }
        let followed = &self.identity.followed;
        if !followed.is_empty() && !registration.followed_recorded {
            registration.followed_recorded =
                tables::record_followed(connection, dialect, id, followed).await?;
        }
        Ok(())
    }

    /// Tells the database which columns about to be dropped the process has named.
    pub(super) async fn record_dropped_uses(&self) -> Result<(), DbErr> {
        let uses = self.process.dropped_uses.unrecorded();
        if !uses.is_empty() {
            let (connection, dialect) = (self.database.connection(), self.database.dialect());
            let Identity { id, release, .. } = &self.identity;
            tables::record_column_uses(connection, dialect, (id, release), &uses).await?;
            self.process.dropped_uses.set_recorded(&uses);
        }
        Ok(())
    }
}
