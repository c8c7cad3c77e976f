//! Registering a process, and what it observes: the epoch, the changes and the columns of tables.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::columns::{self, Listed};
use crate::database::tables;
use crate::database::{Database, Dialect};
use crate::model::{AppName, ChangeName, ChangeRecord, Client, Instance, Release, TableName};

/// The interval at which an instance looks for a new epoch.
pub const REFRESH: Duration = Duration::from_secs(1);

/// The identity of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Unique to one start of a process. If the app has a name, it ends with `/` and the name.
    pub id: String,
    /// The app; `None` for one without a name.
    pub app: Option<AppName>,
    /// The host that it runs on.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// The app's release.
    pub release: Release,
    /// The changes of other apps that its code has followed.
    pub followed: Vec<ChangeName>,
}

/// The epoch and the changes of a database at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// The epoch.
    pub epoch: u64,
    /// Every change that the database records.
    pub changes: Vec<ChangeRecord>,
    /// The tables of these changes and the further tables that were asked for, as far as they
    /// exist.
    pub tables: HashMap<TableName, Listed>,
}

/// Reads the epoch and every change at one moment, so that no state changes between the two reads.
/// Also describes the tables of the changes and those in `further`.
///
/// # Errors
/// The database reports an error.
pub async fn observe(database: &Database, further: &[TableName]) -> Result<Observation, DbErr> {
    let transaction = database.begin_reading().await?;
    let observation = observe_within(&transaction, database.dialect(), further).await?;
    transaction.commit().await?;
    Ok(observation)
}

/// Observes and registers in one transaction, with the client as which the process first connected. The instance acknowledges no epoch later than
/// `in_use`, the earliest epoch that something in the process still uses.
///
/// It has to be one transaction, so that no state can change in between: an instance that read a
/// state, paused, and registered with it later could write by a state that no migration waits for
/// any more (docs/explanation/protocol.md, rule 16).
///
/// # Errors
/// The database reports an error.
pub async fn register(
    database: &Database,
    identity: &Identity,
    lease: Duration,
    in_use: u64,
    further: &[TableName],
    client: Option<&Client>,
) -> Result<Observation, DbErr> {
    let dialect = database.dialect();
    let transaction = database.begin().await?;
    let observation = observe_within(&transaction, dialect, further).await?;
    let row = Instance {
        id: identity.id.clone(),
        app: identity.app.clone(),
        host: identity.host.clone(),
        pid: identity.pid,
        release: identity.release.clone(),
        acknowledged: observation.epoch.min(in_use),
        live: true,
        followed: identity.followed.clone(),
    };
    tables::register(&transaction, dialect, &row, lease).await?;
    tables::record_format(&transaction, dialect, &row.id).await?;
    if !row.followed.is_empty() {
        tables::record_followed(&transaction, dialect, &row.id, &row.followed).await?;
    }
    if let Some(client) = client {
        tables::record_client(&transaction, dialect, &row.id, client).await?;
    }
    transaction.commit().await?;
    Ok(observation)
}

/// Does the same as [`observe`], inside a transaction.
///
/// # Errors
/// The database reports an error.
pub async fn observe_within<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    further: &[TableName],
) -> Result<Observation, DbErr> {
    let epoch = tables::lock_epoch(transaction, dialect, false).await?;
    let changes = tables::changes(transaction, dialect).await?;
    let names = changes.iter().map(|change| &change.columns().table).chain(further);
    let tables = describe(transaction, dialect, names).await?;
    Ok(Observation { epoch, changes, tables })
}

/// Describes the tables with these names that exist, in one statement. This works before handover has created its own
/// tables.
///
/// # Errors
/// The database reports an error.
pub async fn describe<'t, C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    names: impl Iterator<Item = &'t TableName>,
) -> Result<HashMap<TableName, Listed>, DbErr> {
    let names: HashSet<&TableName> = names.collect();
    let names: Vec<&TableName> = names.into_iter().collect();
    columns::listed_each(connection, dialect, &names).await
}
