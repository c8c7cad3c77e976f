//! Entering a state: in one transaction with the schema changes that it needs, or in an order that
//! can be resumed, where schema changes commit by themselves.

use sea_orm::DatabaseTransaction;

use super::context::{Context, Lock};
use super::event::Event;
use super::stage_error::StageError;
use crate::database::tables;
use crate::fleet;
use crate::model::{ChangeRecord, State};

impl Context<'_> {
    /// Runs `work` in one transaction in which the change is still as it was seen, its state
    /// cannot change, and every live instance has acknowledged it. So a runner that died or was
    /// overtaken cannot change anything later (docs/explanation/protocol.md, rule 21).
    pub async fn fenced<W>(
        &self,
        lock: Lock,
        seen: &ChangeRecord,
        work: W,
    ) -> Result<(), StageError>
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

    /// Checks, just before a schema change that commits by itself, that it may be made. The session
    /// that holds the migration lock makes it, so nobody else can move the change meanwhile; and if
    /// that session ends, its schema change is rolled back.
    async fn look(&self, seen: &ChangeRecord, acknowledged: bool) -> Result<(), StageError> {
        self.rehearsed(Lock::Rows, async |transaction| {
            self.check_fence(transaction, seen, acknowledged).await
        })
        .await
    }

    /// Publishes a state for which the schema has already been changed.
    async fn publish(
        &self,
        seen: &ChangeRecord,
        after: State,
        acknowledged: bool,
    ) -> Result<u64, StageError> {
        self.transaction(Lock::Rows, async |transaction| {
            self.check_fence(transaction, seen, acknowledged).await?;
            Ok(tables::publish(transaction, seen, after).await??)
        })
        .await
    }

    /// Returns true if work under this lock changes the schema, and each change commits by itself.
    pub(super) fn commits_by_itself(&self, lock: Lock) -> bool {
        lock != Lock::Rows && !self.dialect().rolls_back_ddl()
    }

    /// Enters the next state, in one transaction with the schema changes that it needs. If these
    /// commit by themselves, they come first: then both states have to work with the schema in
    /// between, and `work` has to be able to run again.
    pub async fn enter<W>(
        &self,
        lock: Lock,
        seen: &ChangeRecord,
        after: State,
        work: W,
    ) -> Result<ChangeRecord, StageError>
    where
        W: AsyncFn(&DatabaseTransaction) -> Result<(), StageError>,
    {
        let transition = self
            .change
            .course()
            .transition(seen.state, after, self.dialect().relaxes())
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
        Ok(ChangeRecord { state: after, epoch, ..seen.clone() })
    }

    /// Publishes the state that a change is in once more, with a new epoch: every process then looks
    /// again at the columns that are there.
    pub async fn announce_again(&self, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
        let epoch = self.publish(seen, seen.state, false).await?;
        Ok(ChangeRecord { epoch, ..seen.clone() })
    }

    async fn check_fence(
        &self,
        transaction: &DatabaseTransaction,
        seen: &ChangeRecord,
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
