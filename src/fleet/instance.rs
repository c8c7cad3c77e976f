use std::collections::HashMap;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::catalog::Listed;
use crate::database::tables::{self, ChangeRow, InstanceRow};
use crate::database::{Database, Dialect, catalog};
use crate::model::{Release, TableName};

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
    /// Every change that the database records.
    pub changes: Vec<ChangeRow>,
    /// The tables of these changes, and of those that the instance knows of itself.
    pub tables: HashMap<TableName, Listed>,
}

/// Reads the epoch and every change at one moment: no state changes between the two. `known` are
/// further tables to describe.
///
/// # Errors
/// Whatever the database reports.
pub async fn observe(database: &Database, known: &[TableName]) -> Result<Observation, DbErr> {
    let transaction = database.begin_reading().await?;
    let observation = observe_within(&transaction, database.dialect(), known).await?;
    transaction.commit().await?;
    Ok(observation)
}

/// Observes and registers in one transaction; `in_use` is the earliest epoch that something in the
/// process still uses, and no later one is acknowledged. One transaction, so that no state is left
/// between the two: an instance that read a state, paused, and registered with it later could otherwise write by a
/// state that nobody waits for any more (docs/explanation/protocol.md, rule 16).
///
/// # Errors
/// Whatever the database reports.
pub async fn register(
    database: &Database,
    identity: &Identity,
    lease: Duration,
    in_use: u64,
    known: &[TableName],
) -> Result<Observation, DbErr> {
    let dialect = database.dialect();
    let transaction = database.begin().await?;
    let observation = observe_within(&transaction, dialect, known).await?;
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

/// As [`observe`], inside a transaction.
///
/// # Errors
/// Whatever the database reports.
pub async fn observe_within<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    known: &[TableName],
) -> Result<Observation, DbErr> {
    let epoch = tables::lock_epoch(transaction, dialect, false).await?;
    let changes = tables::changes(transaction, dialect).await?;
    let names = changes.iter().map(|change| &change.rename.table).chain(known);
    let tables = describe(transaction, dialect, names).await?;
    Ok(Observation { epoch, changes, tables })
}

/// What there is to know of tables before handover has made its own.
///
/// # Errors
/// Whatever the database reports.
pub async fn describe<'t, C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    names: impl Iterator<Item = &'t TableName>,
) -> Result<HashMap<TableName, Listed>, DbErr> {
    let mut tables = HashMap::new();
    for name in names {
        if !tables.contains_key(name)
            && let Some(listed) = catalog::listed(connection, dialect, name).await?
        {
            tables.insert(name.clone(), listed);
        }
    }
    Ok(tables)
}
