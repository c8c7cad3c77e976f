//! The mapping in use, the lease under which it is used, and the epochs that are acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use sea_orm::DbErr;
use tokio::sync::{Mutex, Notify};

use super::code::Code;
use super::registration::Registration;
use super::shared_by_mappings::ProcessWide;
use super::shared_sessions::SharedSessions;
use super::snapshot::Snapshot;
use crate::database::{Database, own_client, tables};
use crate::fleet::{self, Identity, Observation};
use crate::model::TableName;

/// The longest wait for the catalog: MariaDB lets no one read the columns of a table that is being
/// changed.
pub(super) const LOOK_TIMEOUT: Duration = Duration::from_secs(1);

/// The membership of this process in the fleet.
#[derive(Debug)]
pub(super) struct Lease {
    pub database: Database,
    pub identity: Identity,
    pub code: Code,
    /// The tables of the compiled renames.
    pub table_names: Vec<TableName>,
    length: Duration,
    /// The usual interval at which the process looks for a new epoch.
    pub refresh_interval: Duration,
    /// Changed only while `registration` is locked.
    pub current: ArcSwap<Current>,
    pub registration: Mutex<Registration>,
    pub process: ProcessWide,
    /// Stops the background task.
    pub stop: Notify,
    /// Makes the background task refresh now.
    pub wake: Notify,
    stopped: AtomicBool,
    /// How often a mapped table has been seen with other columns than before.
    pub column_changes: AtomicU64,
}

/// The data that each statement reads, in one struct, so that one load reads all of it.
#[derive(Debug)]
pub(super) struct Current {
    pub snapshot: Arc<Snapshot>,
    /// The moment until which the mapping may be used without asking the database. `None` before
    /// the first refresh.
    pub until: Option<Instant>,
}

impl Lease {
    /// Reads the state of the database, and registers if handover's tables exist.
    pub async fn start(
        database: Database,
        identity: Identity,
        code: Code,
        length: Duration,
        refresh_interval: Duration,
    ) -> Result<Arc<Self>, DbErr> {
        let (connection, dialect) = (database.connection(), database.dialect());
        let table_names = code.compiled.iter().map(|own| &own.kind.columns().table);
        let tables = fleet::describe(connection, dialect, table_names).await?;
        let observed = Observation { tables, ..Observation::default() };
        let lease = Self::new(database, identity, code, &observed, length, refresh_interval);
        lease.refresh().await?;
        Ok(Arc::new(lease))
    }

    /// Makes a lease that sends no statements of its own and never runs out. No column is renamed
    /// under it.
    pub fn without_database(database: Database, identity: Identity, code: Code) -> Arc<Self> {
        let observed = Observation::default();
        let code = Code { compiled: Vec::new(), ..code };
        let (length, interval) = (Duration::MAX, Duration::MAX);
        let lease = Self::new(database, identity, code, &observed, length, interval);
        lease.stopped.store(true, Ordering::Release);
        Arc::new(lease)
    }

    fn new(
        database: Database,
        identity: Identity,
        code: Code,
        observed: &Observation,
        length: Duration,
        refresh_interval: Duration,
    ) -> Self {
        let sessions = Arc::new(SharedSessions::of(&database));
        let process = ProcessWide { sessions, ..ProcessWide::default() };
        let (snapshot, drained) = Snapshot::new(database.dialect(), &code, observed, &process);
        Self {
            database,
            identity,
            table_names: code.compiled.iter().map(|own| own.kind.columns().table.clone()).collect(),
            code,
            length,
            refresh_interval,
            process,
            current: ArcSwap::from_pointee(Current { snapshot: Arc::new(snapshot), until: None }),
            registration: Mutex::new(Registration {
                drained: Some(drained),
                tables: observed.tables.clone(),
                ..Registration::default()
            }),
            stop: Notify::new(),
            wake: Notify::new(),
            stopped: AtomicBool::new(false),
            column_changes: AtomicU64::new(0),
        }
    }

    /// Returns true if a process with these settings needs no lease besides this one.
    pub fn serves(&self, code: &Code, length: Duration) -> bool {
        let stopped = self.stopped.load(Ordering::Acquire);
        !stopped && (&self.code, self.length) == (code, length)
    }

    /// Returns the mapping for a statement. `None` if the lease has run out. Reads the clock for
    /// each statement: a flag would still say "valid" in a process that was stopped and goes on.
    #[expect(clippy::inline_always, reason = "each statement calls it, once in each method")]
    #[inline(always)]
    pub fn leased_mapping(&self) -> Option<Arc<Snapshot>> {
        let current = self.current.load();
        let valid = current.until.is_some_and(|until| Instant::now() < until)
            || self.stopped.load(Ordering::Acquire);
        valid.then(|| Arc::clone(&current.snapshot))
    }

    /// Returns the mapping for a statement. If the lease has run out, because the process was
    /// stopped or could not reach the database, asks the database first.
    pub async fn mapping(&self) -> Result<Arc<Snapshot>, DbErr> {
        if let Some(snapshot) = self.leased_mapping() {
            return Ok(snapshot);
        }
        // In a box, so that the future of each statement needs no room for it.
        Box::pin(self.refresh()).await?;
        Ok(Arc::clone(&self.current.load().snapshot))
    }

    /// Returns the epoch of the mapping in use.
    pub fn epoch(&self) -> u64 {
        self.current.load().snapshot.epoch
    }

    /// Forgets which columns other tables have.
    pub fn forget_lookups(&self) {
        self.current.load().snapshot.lookups().forget();
    }

    /// Returns how often a mapped table has been seen with other columns than before.
    pub fn column_changes(&self) -> u64 {
        self.column_changes.load(Ordering::Acquire)
    }

    /// Returns the mapping in use.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.load().snapshot)
    }

    /// Registers the process or renews its lease, loads the mapping if the epoch has changed,
    /// acknowledges the earliest epoch that is still in use, and looks for further columns.
    pub async fn refresh(&self) -> Result<(), DbErr> {
        let mut registration = self.registration.lock().await;
        if self.stopped.load(Ordering::Acquire) {
            return Ok(());
        }
        registration.forget_drained();
        // The lease counts from before the database was asked.
        let asked = Instant::now();
        let (connection, dialect) = (self.database.connection(), self.database.dialect());
        if !registration.registered && !tables::exist(connection, dialect).await? {
            self.extend(asked);
            self.look_at_columns(&mut registration).await;
            return Ok(());
        }
        let due = registration.renewed.is_none_or(|at| asked - at >= self.length / 5);
        if registration.registered && due {
            registration.registered =
                tables::renew(connection, dialect, &self.identity.id, self.length).await?;
            registration.renewed = registration.registered.then_some(asked);
            if registration.registered {
                self.record_itself(&mut registration).await?;
            }
        }
        if registration.registered {
            let metadata = tables::metadata(connection, dialect).await?;
            if metadata.epoch != self.epoch() {
                let observed = fleet::observe(&self.database, &self.table_names).await?;
                self.adopt(&mut registration, &observed);
            }
        } else {
            let in_use = registration.draining.first().map(|(epoch, _)| *epoch);
            let in_use = in_use.unwrap_or_else(|| self.epoch());
            let (identity, length) = (&self.identity, self.length);
            // The process sends its first statement only after this, so it uses no mapping yet.
            let fresh = registration.renewed.is_none() && self.current.load().until.is_none();
            let in_use = if fresh { u64::MAX } else { in_use };
            if registration.client.is_none() {
                registration.client = own_client(connection, dialect).await?;
            }
            let client = registration.client.as_ref();
            let names = &self.table_names;
            let observed =
                fleet::register(&self.database, identity, length, in_use, names, client).await?;
            registration.acknowledged = in_use.min(observed.epoch);
            registration.registered = true;
            registration.renewed = Some(asked);
            self.adopt(&mut registration, &observed);
        }
        self.extend(registration.renewed.unwrap_or(asked));
        // Before an epoch is acknowledged, the database knows all that was named until then.
        self.record_dropped_uses().await?;
        self.acknowledge(&mut registration).await?;
        // Last, as neither the lease nor a migration depends on it.
        self.look_at_columns(&mut registration).await;
        Ok(())
    }

    /// Puts a new mapping into use. Statements and transactions that have begun keep the one
    /// before.
    pub(super) fn adopt(&self, registration: &mut Registration, observed: &Observation) {
        let (snapshot, drained) =
            Snapshot::new(self.database.dialect(), &self.code, observed, &self.process);
        let (before, until) = (self.epoch(), self.current.load().until);
        self.current.store(Arc::new(Current { snapshot: Arc::new(snapshot), until }));
        if let Some(before_drained) = registration.drained.replace(drained) {
            registration.draining.push((before, before_drained));
        }
        registration.tables.clone_from(&observed.tables);
        registration.mapped =
            observed.changes.iter().map(|change| change.columns().table.clone()).collect();
        registration.adopted = Some(Instant::now());
        // So that the background task waits for the end of the earlier mapping.
        self.wake.notify_one();
        tracing::debug!(before, epoch = observed.epoch, "mapping refreshed");
    }

    /// Acknowledges the earliest epoch that is still in use, unless it is acknowledged already.
    async fn acknowledge(&self, registration: &mut Registration) -> Result<(), DbErr> {
        registration.forget_drained();
        let epoch =
            registration.draining.first().map_or_else(|| self.epoch(), |(in_use, _)| *in_use);
        if registration.registered && epoch > registration.acknowledged {
            tables::acknowledge(self.database.connection(), &self.identity.id, epoch).await?;
            registration.acknowledged = epoch;
        }
        Ok(())
    }

    /// Allows the mapping to be used for four fifths of the lease's length after `from`.
    fn extend(&self, from: Instant) {
        let snapshot = Arc::clone(&self.current.load().snapshot);
        let until = from.checked_add(self.length * 4 / 5);
        self.current.store(Arc::new(Current { snapshot, until }));
    }

    /// Leaves the fleet. Statements that are sent later use the last mapping; the guard in the
    /// database refuses those that are outdated.
    pub async fn leave(&self) -> Result<(), DbErr> {
        let mut registration = self.registration.lock().await;
        self.stopped.store(true, Ordering::Release);
        self.stop.notify_one();
        if registration.registered {
            tables::leave(self.database.connection(), &self.identity.id).await?;
            registration.registered = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
