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
use crate::fleet::{self, Identity, Observation, REFRESH};
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
    /// Changed by who has the keeper.
    current: ArcSwap<Current>,
    keeper: Mutex<Keeper>,
    /// Wakes the background task, to make it stop.
    pub stop: Notify,
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
}

impl Lease {
    /// Looks at the database, and registers where it has the tables for it.
    pub async fn start(
        database: Database,
        identity: Identity,
        compiled: Vec<Compiled>,
        length: Duration,
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
            current: ArcSwap::from_pointee(Current { snapshot: Arc::new(snapshot), until: None }),
            keeper: Mutex::new(Keeper { drained: Some(drained), ..Keeper::default() }),
            stop: Notify::new(),
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
        keeper.draining.retain_mut(|(_, drained)| {
            matches!(drained.try_recv(), Err(tokio::sync::oneshot::error::TryRecvError::Empty))
        });
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

    /// How long until the next look: a draining mapping is looked after more often.
    async fn pause(&self) -> Duration {
        let keeper = self.keeper.lock().await;
        if keeper.draining.is_empty() { REFRESH } else { REFRESH / 20 }
    }

    /// Keeps up with the database until it is told to stop. A look that fails is repeated; when
    /// the lease runs out meanwhile, statements wait for one that succeeds.
    pub async fn keep(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.stop.notified() => return,
                () = tokio::time::sleep(self.pause().await) => {}
            }
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "the lease could not be renewed; trying again");
            }
        }
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
