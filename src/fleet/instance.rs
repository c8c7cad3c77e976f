use std::time::Duration;

use sea_orm::{DbErr, TransactionTrait};

use crate::database::tables::{self, ChangeRow, InstanceRow};
use crate::database::{Database, Dialect, catalog};
use crate::model::Release;

/// How often an instance looks for a new epoch.
pub const REFRESH: Duration = Duration::from_secs(1);

/// Who an instance is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Unique to one start of a process.
    pub id: String,
    /// The machine.
    pub host: String,
    /// The process there.
    pub pid: u32,
    /// The app's release.
    pub release: Release,
}

/// What an instance has seen of the database at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// The epoch.
    pub epoch: u64,
    /// Every change, each with its table's schema and physical columns in order.
    pub changes: Vec<(ChangeRow, String, Vec<String>)>,
}

/// Reads the epoch and every change at one moment: no state changes between the two.
///
/// # Errors
/// Whatever the database reports.
pub async fn observe(database: &Database) -> Result<Observation, DbErr> {
    let transaction = database.connection().begin().await?;
    let observation = observe_within(&transaction, database.dialect()).await?;
    transaction.commit().await?;
    Ok(observation)
}

/// Observes and registers in one transaction; `in_use` is the earliest epoch that something in the
/// process still uses, and no later one is acknowledged. One transaction, so that no state is left
/// between the two: an instance that read a state, paused, and registered with it later could otherwise write by a
/// state that nobody waits for any more (protocol, gate 16).
///
/// # Errors
/// Whatever the database reports.
pub async fn register(
    database: &Database,
    identity: &Identity,
    lease: Duration,
    in_use: u64,
) -> Result<Observation, DbErr> {
    let dialect = database.dialect();
    let transaction = database.begin().await?;
    let observation = observe_within(&transaction, dialect).await?;
    let row = InstanceRow {
        id: identity.id.clone(),
        host: identity.host.clone(),
        pid: identity.pid,
        release: identity.release.clone(),
        acknowledged: observation.epoch.min(in_use),
        live: true,
    };
    tables::register(&transaction, dialect, &row, lease).await?;
    transaction.commit().await?;
    Ok(observation)
}

/// Reads the epoch and every change inside a transaction.
///
/// # Errors
/// Whatever the database reports.
pub async fn observe_within<C: sea_orm::ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
) -> Result<Observation, DbErr> {
    let epoch = tables::lock_epoch(transaction, dialect, false).await?;
    let mut changes = Vec::new();
    for change in tables::changes(transaction).await? {
        let (schema, columns) =
            catalog::columns(transaction, dialect, &change.rename.table).await?.unwrap_or_default();
        changes.push((change, schema, columns));
    }
    Ok(Observation { epoch, changes })
}
