//! Keeping up with the database: the mapping in use, the lease, what is acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::{Mutex, Notify};

use super::snapshot::{Compiled, Drained, Snapshot};
use crate::database::Database;
use crate::database::tables;
use crate::fleet::{self, Identity, Observation};
use crate::model::TableName;

/// One running process as the fleet sees it.
#[derive(Debug)]
pub(super) struct Lease {
    pub database: Database,
    identity: Identity,
    compiled: Vec<Compiled>,
    /// The tables of these.
    known: Vec<TableName>,
    length: Duration,
    /// How often to look for a new epoch, in the long run.
    look: Duration,
    /// Changed by who has the keeper.
    current: ArcSwap<Current>,
    keeper: Mutex<Keeper>,
    /// Wakes the background task, to make it stop.
    pub stop: Notify,
    /// Wakes the background task, to make it look.
    pub wake: Notify,
    stopped: AtomicBool,
}

/// What a statement needs to know, in one place, so that it is one look.
#[derive(Debug)]
struct Current {
    snapshot: Arc<Snapshot>,
    /// Until when the mapping may be used without asking; none before the first look.
    until: Option<Instant>,
}

/// What only one task at a time works with.
#[derive(Debug, Default)]
struct Keeper {
    registered: bool,
    acknowledged: u64,
    renewed: Option<Instant>,
    /// Earlier snapshots that something may still use, the oldest first, with their epochs.
    draining: Vec<(u64, Drained)>,
    /// For the snapshot in use.
    drained: Option<Drained>,
    /// When the mapping in use was taken.
    adopted: Option<Instant>,
}

/// How long after a change of state a further one is looked for more often. A migration makes
/// several, and each waits until the one before has been acknowledged.
const LIVELY: Duration = Duration::from_mins(1);

impl Keeper {
    fn forget_drained(&mut self) {
        self.draining.retain(|(_, drained)| drained.has_changed().is_ok());
    }
}

impl Lease {
    /// Looks at the database, and registers where it has the tables for it.
    pub async fn start(
        database: Database,
        identity: Identity,
        compiled: Vec<Compiled>,
        length: Duration,
        look: Duration,
    ) -> Result<Arc<Self>, DbErr> {
        let known: Vec<TableName> = compiled.iter().map(|own| own.rename.table.clone()).collect();
        let (connection, dialect) = (database.connection(), database.dialect());
        let tables = fleet::describe(connection, dialect, known.iter()).await?;
        let nothing = Observation { tables, ..Observation::default() };
        let (snapshot, drained) = Snapshot::new(dialect, &identity.release, &compiled, &nothing);
        let lease = Self {
            database,
            identity,
            compiled,
            known,
            length,
            look,
            current: ArcSwap::from_pointee(Current { snapshot: Arc::new(snapshot), until: None }),
            keeper: Mutex::new(Keeper { drained: Some(drained), ..Keeper::default() }),
            stop: Notify::new(),
            wake: Notify::new(),
            stopped: AtomicBool::new(false),
        };
        lease.refresh().await?;
        Ok(Arc::new(lease))
    }

    /// The mapping to send a statement by, unless the lease has run out. The clock is read for each
    /// statement, since a process that was stopped finds every flag as it left it.
    #[expect(
        clippy::inline_always,
        reason = "each statement calls it, in one place of each method"
    )]
    #[inline(always)]
    pub fn mapping_at_hand(&self) -> Option<Arc<Snapshot>> {
        let current = self.current.load();
        let valid = current.until.is_some_and(|until| Instant::now() < until)
            || self.stopped.load(Ordering::Acquire);
        valid.then(|| Arc::clone(&current.snapshot))
    }

    /// The mapping to send a statement by. A process whose lease has run out, because it was
    /// stopped or could not reach the database, asks the database first.
    pub async fn mapping(&self) -> Result<Arc<Snapshot>, DbErr> {
        if let Some(snapshot) = self.mapping_at_hand() {
            return Ok(snapshot);
        }
        // In a box, so that the future of each statement need not have room for it.
        Box::pin(self.refresh()).await?;
        Ok(Arc::clone(&self.current.load().snapshot))
    }

    /// The epoch of the mapping in use.
    pub fn epoch(&self) -> u64 {
        self.current.load().snapshot.epoch
    }

    /// Looks at the database now: registers or renews, loads the mapping if the epoch is another,
    /// and acknowledges what may be.
    pub async fn refresh(&self) -> Result<(), DbErr> {
        let mut keeper = self.keeper.lock().await;
        if self.stopped.load(Ordering::Acquire) {
            return Ok(());
        }
        keeper.forget_drained();
        // The lease counts from before the database was asked.
        let asked = Instant::now();
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        if !keeper.registered && !tables::exist(connection, dialect).await? {
            self.extend(asked);
            return Ok(());
        }
        let due = keeper.renewed.is_none_or(|at| asked - at >= self.length / 5);
        if keeper.registered && due {
            keeper.registered =
                tables::renew(connection, dialect, &self.identity.id, self.length).await?;
            keeper.renewed = keeper.registered.then_some(asked);
        }
        if keeper.registered {
            let metadata = tables::metadata(connection, dialect).await?;
            if metadata.epoch != self.epoch() {
                let observed = fleet::observe(&self.database, &self.known).await?;
                self.adopt(&mut keeper, &observed);
            }
        } else {
            let in_use = keeper.draining.first().map(|(epoch, _)| *epoch);
            let in_use = in_use.unwrap_or_else(|| self.epoch());
            let (identity, length) = (&self.identity, self.length);
            // Nothing can be in use by a process that sends its first statement only after this.
            let fresh = keeper.renewed.is_none() && self.current.load().until.is_none();
            let in_use = if fresh { u64::MAX } else { in_use };
            let observed =
                fleet::register(&self.database, identity, length, in_use, &self.known).await?;
            keeper.acknowledged = in_use.min(observed.epoch);
            keeper.registered = true;
            keeper.renewed = Some(asked);
            self.adopt(&mut keeper, &observed);
        }
        self.extend(keeper.renewed.unwrap_or(asked));
        self.acknowledge(&mut keeper).await
    }

    /// Takes a new mapping into use; what has begun goes on with the one before.
    fn adopt(&self, keeper: &mut Keeper, observed: &Observation) {
        let (snapshot, drained) = Snapshot::new(
            self.database.dialect(),
            &self.identity.release,
            &self.compiled,
            observed,
        );
        let (before, until) = (self.epoch(), self.current.load().until);
        self.current.store(Arc::new(Current { snapshot: Arc::new(snapshot), until }));
        if let Some(before_drained) = keeper.drained.replace(drained) {
            keeper.draining.push((before, before_drained));
        }
        keeper.adopted = Some(Instant::now());
        // It has to know whose end to wait for.
        self.wake.notify_one();
        tracing::debug!(before, epoch = observed.epoch, "mapping refreshed");
    }

    /// The mapping as an open transaction sees the database, for that transaction alone.
    pub async fn snapshot_within(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<Snapshot, DbErr> {
        let observed =
            fleet::observe_within(transaction, self.database.dialect(), &self.known).await?;
        let (dialect, version) = (self.database.dialect(), &self.identity.release);
        Ok(Snapshot::new(dialect, version, &self.compiled, &observed).0)
    }

    /// Acknowledges the epoch in use when nothing uses an earlier one any more.
    async fn acknowledge(&self, keeper: &mut Keeper) -> Result<(), DbErr> {
        keeper.forget_drained();
        let epoch = keeper.draining.first().map_or_else(|| self.epoch(), |(in_use, _)| *in_use);
        if keeper.registered && epoch > keeper.acknowledged {
            tables::acknowledge(self.database.connection(), &self.identity.id, epoch).await?;
            keeper.acknowledged = epoch;
        }
        Ok(())
    }

    /// Lets the mapping be used until four fifths of the lease are over.
    fn extend(&self, from: Instant) {
        let snapshot = Arc::clone(&self.current.load().snapshot);
        let until = from.checked_add(self.length * 4 / 5);
        self.current.store(Arc::new(Current { snapshot, until }));
    }

    /// How long until the next look, and the mapping after whose end there is something to
    /// acknowledge before that.
    pub async fn next_look(&self) -> (Duration, Option<Drained>) {
        let keeper = self.keeper.lock().await;
        let lively = keeper.adopted.is_some_and(|at| at.elapsed() < LIVELY);
        let pause = if lively { self.look / 5 } else { self.look };
        (pause, keeper.draining.first().map(|(_, drained)| drained.clone()))
    }

    /// Leaves the fleet. Statements sent later go by the last mapping, guarded by the database.
    pub async fn leave(&self) -> Result<(), DbErr> {
        let mut keeper = self.keeper.lock().await;
        self.stopped.store(true, Ordering::Release);
        self.stop.notify_one();
        if keeper.registered {
            tables::leave(self.database.connection(), &self.identity.id).await?;
            keeper.registered = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DatabaseConnection};

    use super::*;
    use crate::database::Dialect;
    use crate::model::Release;

    const LOOK: Duration = Duration::from_secs(1);

    async fn lease() -> (DatabaseConnection, Arc<Lease>) {
        let connection = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
        tables::create(&connection, Dialect::Sqlite).await.unwrap();
        let (id, host) = ("one".to_owned(), "here".to_owned());
        let identity = Identity { id, host, pid: 1, release: Release::new(9, 0, 0) };
        let database = Database::from_connection(connection.clone()).unwrap();
        let lease = Lease::start(database, identity, Vec::new(), LOOK * 60, LOOK).await;
        (connection, lease.unwrap())
    }

    #[tokio::test]
    async fn a_change_of_state_is_followed_by_more_looks_for_a_while() {
        let (_, lease) = lease().await;
        assert_eq!(lease.next_look().await.0, LOOK / 5);
        lease.keeper.lock().await.adopted = Instant::now().checked_sub(LIVELY);
        assert_eq!(lease.next_look().await.0, LOOK);
    }

    /// The end of a mapping is waited for, so one that stayed would be looked after without pause.
    #[tokio::test]
    async fn a_mapping_that_has_ended_is_forgotten_even_if_the_database_fails() {
        let (connection, lease) = lease().await;
        let in_use = lease.mapping().await.unwrap();
        let moved = "UPDATE handover_metadata SET epoch = epoch + 1";
        connection.execute_unprepared(moved).await.unwrap();
        lease.refresh().await.unwrap();
        assert!(lease.next_look().await.1.is_some());
        lease.refresh().await.unwrap();
        assert!(lease.next_look().await.1.is_some());
        drop(in_use);
        connection.execute_unprepared("DROP TABLE handover_metadata").await.unwrap();
        lease.refresh().await.unwrap_err();
        assert!(lease.next_look().await.1.is_none());
    }
}
