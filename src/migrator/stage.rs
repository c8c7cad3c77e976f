use std::time::{Duration, Instant};

use sea_orm::DatabaseTransaction;

use super::event::{Event, Observer};
use super::session::{self, Ask};
use super::stage_error::StageError;
use super::table_lock::{limit_lock_wait, prepare};
use crate::database::tables::{self, ChangeRow};
use crate::database::{Database, Dialect, LockPolicy, catalog, with_lock_retry};
use crate::fleet::{self, Patience, Waited};
use crate::manifest::{LockSettings, Settings};
use crate::model::{Change, Rename, Stage, State};
use crate::plan::Instance;

/// The table lock that a transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// None, or what its statements take by themselves and only for rows.
    Rows,
    /// One that writers conflict with, and readers do not.
    Writers,
    /// One that everyone conflicts with.
    Everyone,
}

/// How a transaction ends that has had its locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Kept,
    Undone,
}

/// What a stage works with.
pub(super) struct Context<'a> {
    pub database: &'a Database,
    pub settings: &'a Settings,
    /// The change, with the schema of its table: a name without one may be another table's in
    /// another session.
    pub change: Change,
    /// The change as its file says it.
    pub declared: &'a Change,
    pub stage: Stage,
    /// The objects of which the user has declared that they are no obstacle.
    pub allowed: &'a [String],
    /// No app process is running: nobody has to be given time to register.
    pub offline: bool,
    /// How long to wait for acknowledgements.
    pub patience: Duration,
    pub observer: &'a dyn Observer,
}

impl<'a> Context<'a> {
    pub fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    pub fn rename(&self) -> &Rename {
        self.change.rename()
    }

    pub fn lock_policy(&self) -> LockPolicy {
        LockPolicy { timeout: self.settings.lock.timeout, patience: self.settings.lock.patience }
    }

    /// Tells the observer what comes next, and lets whoever runs this as a future stop there.
    pub async fn step(&self, what: impl Into<String>) {
        let what = what.into();
        tracing::debug!(change = %self.change.name, stage = %self.stage, "{what}");
        self.observer.event(Event::Step { change: self.change.name.clone(), what });
        tokio::task::yield_now().await;
    }

    /// The change as the database records it.
    pub async fn seen(&self) -> Result<ChangeRow, StageError> {
        let recorded = self.recorded().await?;
        recorded.ok_or_else(|| StageError::Unknown { change: self.change.name.clone() })
    }

    /// The same, if the database knows the change. Without a lock, which would be gone at once.
    pub async fn recorded(&self) -> Result<Option<ChangeRow>, StageError> {
        let changes = tables::changes(self.database.connection(), self.dialect()).await?;
        Ok(changes.into_iter().find(|row| row.name == self.change.name))
    }

    /// The table as the catalog describes it.
    pub async fn table(&self) -> Result<catalog::Table, StageError> {
        self.reading(async |transaction| self.table_within(transaction).await).await
    }

    /// Runs `look` in a transaction that takes no lock and is rolled back.
    pub async fn reading<T, L>(&self, look: L) -> Result<T, StageError>
    where
        L: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let transaction = self.database.begin_reading().await?;
        prepare(&transaction, self.dialect(), self.settings.lock.timeout).await?;
        let result = look(&transaction).await;
        transaction.rollback().await?;
        result
    }

    /// Runs `work` as [`transaction`](Self::transaction) does, and rolls it back: to know whether
    /// the database lets it be done.
    pub async fn rehearsed<W>(&self, lock: Lock, work: W) -> Result<(), StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<(), StageError>,
    {
        let started = Instant::now();
        let attempt = async || match self.attempt(lock, started, Ending::Undone, &work).await {
            Err(error) if error.is_missed_lock() => Err(self.missed(lock, error).await),
            result => result,
        };
        with_lock_retry(self.lock_policy(), StageError::is_missed_lock, attempt).await
    }

    /// The same stage, with the objects that the user has declared to be no obstacle.
    pub fn allowing(self, allowed: &'a [String]) -> Self {
        Self { allowed, ..self }
    }

    /// As [`table`](Self::table), as a transaction sees it.
    pub async fn table_within(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<catalog::Table, StageError> {
        catalog::table(transaction, self.dialect(), &self.rename().table)
            .await?
            .ok_or_else(|| StageError::NoTable { table: self.declared.rename().table.clone() })
    }

    /// What expand noted of the column.
    pub async fn definition(&self) -> Result<catalog::Definition, StageError> {
        let name = &self.change.name;
        let note = tables::definition(self.database.connection(), name).await?;
        let note = note.ok_or_else(|| StageError::Unknown { change: name.clone() })?;
        Ok(serde_json::from_str(&note)?)
    }

    /// The state is none that the stage can begin with.
    pub fn wrong_state(&self, found: State) -> StageError {
        StageError::State { change: self.change.name.clone(), stage: self.stage, found }
    }

    /// Waits until every live instance has acknowledged the state that was seen.
    pub async fn acknowledged(&self, seen: &ChangeRow) -> Result<(), StageError> {
        let waiting = |instances: &[Instance]| {
            self.observer.event(Event::Waiting { instances: instances.to_vec() });
        };
        let patience = Patience { limit: self.patience, waiting: &waiting };
        match fleet::until_acknowledged(self.database, seen.epoch, patience).await? {
            Waited::Ready => Ok(()),
            Waited::Behind(waiting) => Err(StageError::Behind { epoch: seen.epoch, waiting }),
        }
    }

    /// Runs `work` in one transaction that waits only briefly for any lock, again and again until
    /// it has had its locks.
    pub async fn transaction<T, W>(&self, lock: Lock, work: W) -> Result<T, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let started = Instant::now();
        let attempt = async || match self.attempt(lock, started, Ending::Kept, &work).await {
            Err(error) if error.is_missed_lock() => Err(self.missed(lock, error).await),
            result => result,
        };
        with_lock_retry(self.lock_policy(), StageError::is_missed_lock, attempt).await
    }

    /// One attempt of [`transaction`](Self::transaction), the first of which was at `started`.
    async fn attempt<T, W>(
        &self,
        lock: Lock,
        started: Instant,
        ending: Ending,
        work: &W,
    ) -> Result<T, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<T, StageError>,
    {
        let LockSettings { timeout, patience } = self.settings.lock;
        let ask = Ask::after(started, patience);
        let transaction = self.database.begin().await?;
        limit_lock_wait(&transaction, self.dialect(), timeout, ask).await?;
        let left = patience.saturating_sub(started.elapsed());
        self.lock_table(&transaction, lock, ask, left).await?;
        let result = work(&transaction).await;
        session::unlock_tables(&transaction, self.dialect(), lock).await?;
        if ending == Ending::Undone {
            transaction.rollback().await?;
            return result;
        }
        let result = result?;
        super::steps::crash_point("commit", self.stage.as_str());
        transaction.commit().await?;
        super::steps::crash_point("committed", self.stage.as_str());
        Ok(result)
    }

    /// Runs `work` in one transaction in which the change is still as it was seen, its state
    /// cannot change, and every live instance has acknowledged it. Nothing of a runner that died
    /// or was overtaken can land later (docs/explanation/protocol.md, rule 21).
    pub async fn fenced<W>(&self, lock: Lock, seen: &ChangeRow, work: W) -> Result<(), StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<(), StageError>,
    {
        self.acknowledged(seen).await?;
        let apart = self.commits_by_itself(lock);
        if apart {
            self.look(seen, true).await?;
        }
        self.transaction(lock, async |transaction| {
            if !apart {
                self.check_fence(transaction, seen, true).await?;
            }
            work(transaction).await
        })
        .await
    }

    /// Looks whether a schema change may be made that commits by itself, just before it. It is made
    /// by the session that holds the migration lock, so nobody else can move the change meanwhile,
    /// and if that session ends, so does what it was at.
    async fn look(&self, seen: &ChangeRow, acknowledged: bool) -> Result<(), StageError> {
        self.transaction(Lock::Rows, async |transaction| {
            self.check_fence(transaction, seen, acknowledged).await
        })
        .await
    }

    /// Publishes a state for which the schema has been changed already.
    async fn publish(
        &self,
        seen: &ChangeRow,
        after: State,
        acknowledged: bool,
    ) -> Result<u64, StageError> {
        self.transaction(Lock::Rows, async |transaction| {
            self.check_fence(transaction, seen, acknowledged).await?;
            Ok(tables::publish(transaction, seen, after).await??)
        })
        .await
    }

    /// Whether work under this lock changes the schema, and each change commits by itself.
    fn commits_by_itself(&self, lock: Lock) -> bool {
        lock != Lock::Rows && !self.dialect().rolls_back_ddl()
    }

    /// Enters the next state, in one transaction with the schema changes that it needs; or after
    /// them, where they commit by themselves. Both states then have to be able to live with the
    /// schema from in between, and `work` has to be able to run again.
    pub async fn enter<W>(
        &self,
        lock: Lock,
        seen: &ChangeRow,
        after: State,
        work: W,
    ) -> Result<ChangeRow, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<(), StageError>,
    {
        let transition = seen
            .state
            .transition(after, self.dialect().relaxes())
            .ok_or_else(|| self.wrong_state(seen.state))?;
        if transition.acknowledged {
            self.acknowledged(seen).await?;
        }
        let apart = self.commits_by_itself(lock);
        if apart {
            self.look(seen, transition.acknowledged).await?;
        }
        let entered = self
            .transaction(lock, async |transaction| {
                if !apart {
                    self.check_fence(transaction, seen, transition.acknowledged).await?;
                }
                work(transaction).await?;
                if apart {
                    return Ok(None);
                }
                Ok(Some(tables::publish(transaction, seen, after).await??))
            })
            .await?;
        let epoch = match entered {
            Some(epoch) => epoch,
            None => self.publish(seen, after, transition.acknowledged).await?,
        };
        super::steps::crash_point("entered", after.as_str());
        let change = self.change.name.clone();
        self.observer.event(Event::Entered { change, state: after, epoch });
        tokio::task::yield_now().await;
        Ok(ChangeRow { state: after, epoch, ..seen.clone() })
    }

    async fn check_fence(
        &self,
        transaction: &DatabaseTransaction,
        seen: &ChangeRow,
        acknowledged: bool,
    ) -> Result<(), StageError> {
        tables::lock_epoch(transaction, self.dialect(), true).await?;
        let now = tables::change(transaction, self.dialect(), &seen.name).await?;
        if now.is_none_or(|now| (now.state, now.epoch) != (seen.state, seen.epoch)) {
            return Err(StageError::Fenced(tables::Fenced {
                name: seen.name.clone(),
                expected: seen.state,
                epoch: seen.epoch,
            }));
        }
        if acknowledged {
            let waiting = fleet::behind(transaction, self.dialect(), seen.epoch).await?;
            if !waiting.is_empty() {
                return Err(StageError::Behind { epoch: seen.epoch, waiting });
            }
        }
        Ok(())
    }
}
