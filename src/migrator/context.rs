//! What a stage works with: the database, the settings, and its change.

use std::time::Duration;

use sea_orm::{DatabaseTransaction, DbErr};

use super::event::{Event, Observer};
use super::rollback_progress::Undoing;
use super::stage_error::StageError;
use crate::database::tables;
use crate::database::{Database, Dialect, LockPolicy, catalog};
use crate::fleet::{self, Patience, Waited};
use crate::manifest::Settings;
use crate::model::{AppName, Change, ChangeRecord, ColumnPair, Instance, Stage, State};

/// The table lock that a transaction needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// None, or those that the statements themselves take on rows.
    Rows,
    /// A lock that conflicts with writers, but not with readers.
    Writers,
    /// A lock that conflicts with everyone.
    Everyone,
}

/// The tools and facts that a stage works with.
pub(super) struct Context<'a> {
    pub database: &'a Database,
    pub settings: &'a Settings,
    /// The change, with the schema of its table: without a schema, the name may mean another table in
    /// another session.
    pub change: Change,
    /// The change as its file declares it.
    pub declared: &'a Change,
    pub stage: Stage,
    /// The objects that the user has declared to be no obstacle.
    pub allowed: &'a [String],
    /// The migration that is being undone; `None` while it runs forward.
    pub undoing: Option<&'a Undoing>,
    /// No app process is running: none has to be given time to register.
    pub offline: bool,
    /// How long to wait for acknowledgements.
    pub patience: Duration,
    pub observer: &'a dyn Observer,
}

impl<'a> Context<'a> {
    pub fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    pub fn columns(&self) -> &ColumnPair {
        self.change.columns()
    }

    pub fn lock_policy(&self) -> LockPolicy {
        LockPolicy { timeout: self.settings.lock.timeout, patience: self.settings.lock.patience }
    }

    /// The app whose migration this is; `None` for one without a name.
    pub const fn app(&self) -> Option<&AppName> {
        self.settings.app.as_ref()
    }

    /// Tells the observer the next step, and lets the caller stop the future there.
    pub async fn step(&self, what: impl Into<String>) {
        let what = what.into();
        tracing::debug!(change = %self.change.name, stage = %self.stage, "{what}");
        self.observer.event(Event::Step { change: self.change.name.clone(), what });
        tokio::task::yield_now().await;
    }

    /// The change as the database records it.
    pub async fn seen(&self) -> Result<ChangeRecord, StageError> {
        let recorded = self.recorded().await?;
        recorded.ok_or_else(|| StageError::Unknown { change: self.change.name.clone() })
    }

    /// The change as the database records it, if it does. Takes no lock, which would end at once.
    pub async fn recorded(&self) -> Result<Option<ChangeRecord>, StageError> {
        let changes = tables::changes(self.database.connection(), self.dialect()).await?;
        Ok(changes.into_iter().find(|row| row.name == self.change.name))
    }

    /// As [`recorded`](Self::recorded), also in a database that has no tables of handover's yet.
    pub async fn known(&self) -> Result<Option<ChangeRecord>, StageError> {
        let (connection, dialect) = (self.database.connection(), self.dialect());
        if tables::exist(connection, dialect).await? { self.recorded().await } else { Ok(None) }
    }

    /// The state that the database records; `pending` if it does not know the change.
    pub async fn known_state(&self) -> Result<State, StageError> {
        Ok(self.known().await?.map_or(State::Pending, |row| row.state))
    }

    /// Returns the same stage, with the objects that the user has declared to be no obstacle.
    pub fn allowing(self, allowed: &'a [String]) -> Self {
        Self { allowed, ..self }
    }

    /// Returns the same stage, as one that is being undone.
    pub fn undoing(self, undoing: &'a Undoing) -> Self {
        Self { undoing: Some(undoing), ..self }
    }

    /// Notes, with the first change that a rollback makes, that the stage is no longer finished.
    pub async fn note_begun(&self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        match self.undoing {
            Some(undoing) if !undoing.has_begun() => {
                tables::unfinish_migration(transaction, self.app(), undoing.id).await
            }
            _ => Ok(()),
        }
    }

    /// Says that something has been changed, or may be from now on.
    pub fn set_begun(&self) {
        if let Some(undoing) = self.undoing {
            undoing.begin();
        }
    }

    /// Reads the definition of the column that expand noted.
    pub async fn definition(&self) -> Result<catalog::Definition, StageError> {
        let name = &self.change.name;
        let note = tables::definition(self.database.connection(), name).await?;
        let note = note.ok_or_else(|| StageError::Unknown { change: name.clone() })?;
        Ok(serde_json::from_str(&note)?)
    }

    /// The error that this kind of change has no such stage. The files are checked before anything runs,
    /// so no plan has one.
    pub async fn no_such_stage(&self) -> Result<StageError, StageError> {
        let state = self.recorded().await?.map_or(State::Pending, |row| row.state);
        Ok(self.wrong_state(state))
    }

    /// The error that the stage cannot begin in this state.
    pub fn wrong_state(&self, found: State) -> StageError {
        StageError::State { change: self.change.name.clone(), stage: self.stage, found }
    }

    /// Waits until every live instance has acknowledged the state that was seen.
    pub async fn acknowledged(&self, seen: &ChangeRecord) -> Result<(), StageError> {
        let waiting = |instances: &[Instance]| {
            self.observer
                .event(Event::Waiting { instances: instances.to_vec(), sessions: Vec::new() });
        };
        let patience = Patience { limit: self.patience, waiting: &waiting };
        match fleet::until_acknowledged(self.database, seen.epoch, patience).await? {
            Waited::Ready => Ok(()),
            Waited::Behind(waiting) => Err(StageError::Behind { epoch: seen.epoch, waiting }),
        }
    }
}
