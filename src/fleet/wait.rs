use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbErr};

use super::REFRESH;
use crate::database::tables;
use crate::database::{Database, Dialect};
use crate::model::Instance;
use crate::plan::Fleet;

/// How long to wait for instances, and whom to tell for whom.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    /// How long at most.
    pub limit: Duration,
    /// Is told whom the wait is for, at each look.
    pub waiting: &'a (dyn Fn(&[Instance]) + Sync),
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// There is nobody left to wait for.
    Ready,
    /// Time is up; these are still behind.
    Behind(Vec<Instance>),
}

/// How often the registry is looked at while waiting, in the long run.
const POLL: Duration = Duration::from_millis(100);

/// How soon it is looked at again first; then each time after twice as long. Instances that have
/// heard the announcement acknowledge within milliseconds.
const FIRST: Duration = Duration::from_millis(5);

/// Every registered instance.
///
/// # Errors
/// Whatever the database reports.
pub async fn load<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<Fleet, DbErr> {
    Ok(Fleet { instances: tables::instances(connection, dialect).await? })
}

/// The live instances that have not acknowledged `epoch`.
///
/// # Errors
/// Whatever the database reports.
pub async fn behind<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    epoch: u64,
) -> Result<Vec<Instance>, DbErr> {
    fail::fail_point!("fleet::acknowledged", |_| Ok(Vec::new()));
    let fleet = load(connection, dialect).await?;
    Ok(fleet.live().filter(|instance| instance.acknowledged < epoch).cloned().collect())
}

/// Waits until every live instance has acknowledged `epoch`.
///
/// # Errors
/// Whatever the database reports.
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

/// Waits until the registry is old enough that every process using the shim has found and joined
/// it. Until then an empty registry says nothing. Only comfort hangs on this: the guard makes a
/// write of a process that is not registered fail, never disappear.
///
/// # Errors
/// Whatever the database reports.
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
