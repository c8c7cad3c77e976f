//! Waiting until the processes have acknowledged an epoch, or understand a format.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbErr};

use super::REFRESH;
use crate::database::tables;
use crate::database::{Database, Dialect};
use crate::model::Instance;
use crate::plan::Fleet;

/// The limit of a wait for instances, and the callback that reports its progress.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    /// The maximum duration of the wait.
    pub limit: Duration,
    /// Called at each poll with the instances that are still behind.
    pub waiting: &'a (dyn Fn(&[Instance]) + Sync),
}

/// The result of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// No instance is behind any more.
    Ready,
    /// The limit was reached; these instances are still behind.
    Behind(Vec<Instance>),
}

/// The longest interval between two polls of the registry.
const POLL: Duration = Duration::from_millis(100);

/// The first interval between two polls; each further interval is twice as long, up to [`POLL`].
/// Instances that received the announcement acknowledge within milliseconds.
const FIRST: Duration = Duration::from_millis(5);

/// Loads every registered instance.
///
/// # Errors
/// The database reports an error.
pub async fn load<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<Fleet, DbErr> {
    let instances = tables::instances(connection, dialect).await?;
    Ok(Fleet { instances, unaccounted: Vec::new() })
}

/// Loads the live instances that have not acknowledged `epoch`.
///
/// # Errors
/// The database reports an error.
pub async fn behind<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    epoch: u64,
) -> Result<Vec<Instance>, DbErr> {
    #[cfg(feature = "failpoints")]
    fail::fail_point!("fleet::acknowledged", |_| Ok(Vec::new()));
    let fleet = load(connection, dialect).await?;
    Ok(fleet.live().filter(|instance| instance.acknowledged < epoch).cloned().collect())
}

/// Waits until every live instance has acknowledged `epoch`.
///
/// # Errors
/// The database reports an error.
pub async fn until_acknowledged(
    database: &Database,
    epoch: u64,
    patience: Patience<'_>,
) -> Result<Waited, DbErr> {
    let started = Instant::now();
    let mut pause = FIRST;
    loop {
        let behind = behind(database.connection(), database.dialect(), epoch).await?;
        if behind.is_empty() {
            return Ok(Waited::Ready);
        }
        if started.elapsed() >= patience.limit {
            return Ok(Waited::Behind(behind));
        }
        (patience.waiting)(&behind);
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(POLL);
    }
}

/// Waits until every live instance understands a format of the tables.
///
/// # Errors
/// The database reports an error.
pub async fn until_understood(
    database: &Database,
    format: i64,
    patience: Patience<'_>,
) -> Result<Waited, DbErr> {
    let started = Instant::now();
    loop {
        let outdated = tables::outdated(database.connection(), database.dialect(), format).await?;
        if outdated.is_empty() {
            return Ok(Waited::Ready);
        }
        if started.elapsed() >= patience.limit {
            return Ok(Waited::Behind(outdated));
        }
        (patience.waiting)(&outdated);
        tokio::time::sleep(POLL).await;
    }
}

/// Waits until the registry is old enough that every process using the shim has found and joined
/// it. Until then an empty registry proves nothing. This only spares errors: the guard makes a
/// write of an unregistered process fail, and never lets it disappear.
///
/// # Errors
/// The database reports an error.
pub async fn settle(database: &Database) -> Result<(), DbErr> {
    let needed = i64::try_from((REFRESH * 2).as_millis()).unwrap_or(i64::MAX);
    loop {
        let age = tables::metadata(database.connection(), database.dialect()).await?.age_ms;
        let Ok(missing) = u64::try_from(needed.saturating_sub(age)) else { return Ok(()) };
        if missing == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(missing)).await;
    }
}
