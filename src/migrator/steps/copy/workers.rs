//! The loop of a copy: it begins or resumes, and runs its workers until no part of the table is left.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use futures_util::future::try_join_all;

use super::super::super::context::{Context, Lock};
use super::super::super::event::Event;
use super::super::super::stage_error::StageError;
use super::super::crash_point;
use super::super::triggers::may_silence;
use super::assignment::{Assigned, assignment, update};
use super::batch_size::BatchSize;
use super::parts::Parts;
use super::session::Session;
use super::throttle::Throttle;
use super::walk::Walk;
use crate::database::catalog::Column;
use crate::database::tables::{self, Control};
use crate::database::{Dialect, catalog};
use crate::model::{ChangeRecord, Side};

/// Parts for each worker, so that none is left alone with a large part at the end.
const PARTS: u32 = 4;

/// Connections of the pool that are not for workers: one has the migration lock, one observes.
const OTHERS: u32 = 2;

/// Copies one column into the other, wherever they differ, in batches along the table's key.
///
/// Each batch is one atomic `SET a = b`. Its transaction notes the progress, and keeps the change in
/// the state and epoch in which it was seen (docs/explanation/protocol.md, rules 4 to 6): so an interrupted copy
/// resumes where it stopped. On MariaDB, a table without a key is copied by taking some of the rows
/// that differ, again and again: each time it is read from the beginning.
pub(in crate::migrator) async fn copy(
    context: &Context<'_>,
    seen: &ChangeRecord,
    column: &Column,
    into: Side,
) -> Result<(), StageError> {
    let table = context.table().await?;
    run(context, seen, assignment(context, column, into, &table), into).await
}

/// Sets one column to a value that is computed from the other, wherever it differs. Everything else is as
/// in [`copy`].
pub(in crate::migrator) async fn convert(
    context: &Context<'_>,
    seen: &ChangeRecord,
    assigned: &Assigned,
    into: Side,
) -> Result<(), StageError> {
    let table = context.table().await?;
    run(context, seen, update(context, &table, assigned), into).await
}

async fn run(
    context: &Context<'_>,
    seen: &ChangeRecord,
    set: String,
    into: Side,
) -> Result<(), StageError> {
    let (change, rename) = (&context.change.name, context.columns());
    let started = Instant::now();
    let Some(copy) = Copying::begin(context, seen, set).await? else {
        return Ok(());
    };
    context
        .step(match into {
            Side::To => format!("copy `{}` into `{}`", rename.from, rename.to),
            Side::From => format!("copy `{}` into `{}`", rename.to, rename.from),
        })
        .await;
    while !copy.parts.borrow().left().is_empty() {
        let workers = copy.workers();
        copy.split(workers).await?;
        try_join_all((0..workers).map(|_| copy.work(workers))).await?;
    }
    tracing::info!(%change, rows = copy.copied.get(), took = ?started.elapsed(), "copied");
    crash_point("copy", "done");
    Ok(())
}

/// A copy that is under way.
pub(super) struct Copying<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) seen: &'c ChangeRecord,
    /// The statement, without the condition of a batch.
    pub(super) set: String,
    /// True if the app's triggers are kept from firing.
    pub(super) silent: bool,
    pub(super) walk: Walk,
    pub(super) estimated: i64,
    pub(super) copied: Cell<u64>,
    pub(super) parts: RefCell<Parts>,
    pub(super) throttle: Throttle<'c>,
    pub(super) warned: Cell<bool>,
}

impl<'c> Copying<'c> {
    /// Begins or resumes a copy; `None` if the table is empty.
    async fn begin(
        context: &'c Context<'c>,
        seen: &'c ChangeRecord,
        set: String,
    ) -> Result<Option<Self>, StageError> {
        let (dialect, change) = (context.dialect(), &context.change.name);
        let (table, rename) = (context.table().await?, context.columns());
        let mut walk = Walk::new(dialect, &rename.table, &table)?;
        let connection = context.database.connection();
        context
            .transaction(Lock::Rows, async |transaction| {
                Ok(tables::add_control(transaction, dialect).await?)
            })
            .await?;
        let silent = may_silence(connection, dialect).await?;
        let control: Control = tables::control(connection, change).await?;
        let throttle = Throttle::new(context, control)?;
        let progress = tables::backfill(connection, change).await?.unwrap_or_default();
        let estimated = match progress.rows_estimated {
            0 => catalog::estimate_rows(connection, dialect, &rename.table).await?,
            known => known,
        };
        context
            .transaction(Lock::Rows, async |transaction| {
                Ok(tables::begin_backfill(transaction, dialect, change, estimated).await?)
            })
            .await?;
        walk.measure(connection, estimated).await?;
        let parts = match progress.cursor {
            Some(stored) => Parts::read(&stored)?,
            None => match walk.start(connection).await? {
                Some(cursor) => Parts::of(vec![cursor], 0),
                None => return Ok(None),
            },
        };
        let (parts, copied, warned) = (RefCell::new(parts), Cell::new(0), Cell::new(false));
        let copy =
            Self { context, seen, set, silent, walk, estimated, copied, parts, throttle, warned };
        Ok(Some(copy))
    }

    /// The number of parallel batches: as many as are wanted and the database allows.
    fn workers(&self) -> u32 {
        let asked = self.throttle.control.get().workers;
        let wanted = asked.unwrap_or(self.context.settings.backfill.workers).max(1);
        let most = match self.context.dialect() {
            Dialect::Postgres => {
                self.context.database.max_connections().saturating_sub(OTHERS).max(1)
            }
            Dialect::Sqlite | Dialect::MariaDb => 1,
        };
        if wanted > most && !self.warned.replace(true) {
            let why = match self.context.dialect() {
                Dialect::Postgres => "the pool has too few connections",
                Dialect::Sqlite => "SQLite has one writer",
                Dialect::MariaDb => "on MariaDB the migration is one session",
            };
            let what = format!("copying with {most} worker instead of {wanted}: {why}");
            self.context.observer.event(Event::Warning { what });
        }
        wanted.min(most)
    }

    /// Divides the rest if it has too few parts for this many workers.
    async fn split(&self, workers: u32) -> Result<(), StageError> {
        let (left, finished) = {
            let parts = self.parts.borrow();
            (parts.left(), parts.rows())
        };
        let wanted = usize::try_from(workers).unwrap_or(1);
        if workers == 1 || left.len() >= wanted {
            return Ok(());
        }
        let connection = self.context.database.connection();
        let each = (workers * PARTS).div_ceil(u32::try_from(left.len()).unwrap_or(1).max(1));
        let mut split = Vec::new();
        for cursor in &left {
            split.extend(self.walk.split(connection, cursor, each, self.estimated).await?);
        }
        self.parts.replace(Parts::of(split, finished));
        Ok(())
    }

    /// Runs one worker: part after part, until none is left or another number of workers is wanted.
    async fn work(&self, workers: u32) -> Result<(), StageError> {
        let mut session = Session::new(self.context, self.silent);
        let settings = &self.context.settings.backfill;
        let steady = self.walk.is_without_key();
        let mut batch_size =
            BatchSize::new(settings.target_batch_time, self.throttle.most(), steady);
        loop {
            let taken = self.parts.borrow_mut().take();
            let Some(part) = taken else { break };
            while self.workers() == workers {
                self.throttle.wait(&mut session).await?;
                if self.batch(&mut session, &mut batch_size, part).await? {
                    break;
                }
                self.rest().await;
            }
            self.parts.borrow_mut().give_back(part);
            if self.workers() != workers {
                break;
            }
        }
        session.close().await
    }

    async fn rest(&self) {
        let pause = self.throttle.pause();
        if pause.is_zero() {
            // Only lets a caller that runs this as a future stop here.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(pause).await;
        }
    }
}
