//! One batch of a copy: its transaction, its statements, and the note of its progress.

use std::cell::Cell;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use super::super::super::context::Lock;
use super::super::super::event::Event;
use super::super::super::mariadb_session::Ask;
use super::super::super::stage_error::StageError;
use super::super::crash_point;
use super::super::triggers::without_triggers;
use super::batch_size::BatchSize;
use super::cursor::Cursor;
use super::session::Session;
use super::workers::Copying;
use crate::database::tables::{self, Batch, Control};
use crate::database::with_lock_retry;

impl Copying<'_> {
    /// Copies the next batch of a part. Returns true if it was the last one.
    pub(super) async fn batch(
        &self,
        session: &mut Session<'_>,
        batch_size: &mut BatchSize,
        part: usize,
    ) -> Result<bool, StageError> {
        let started = Instant::now();
        let attempt = async || match self.attempt(session, batch_size, part, started).await {
            Err(error) => {
                session.abandon().await;
                if !error.is_missed_lock() {
                    return Err(error);
                }
                batch_size.missed(batch_size.rows(self.throttle.most()));
                Err(self.context.missed(Lock::Rows, error).await)
            }
            finished => finished,
        };
        let policy = self.context.lock_policy();
        let finished = with_lock_retry(policy, StageError::is_missed_lock, attempt).await?;
        crash_point("copy", "batch");
        self.context.observer.event(Event::Copied {
            change: self.context.change.name.clone(),
            rows: self.parts.borrow().rows(),
            estimated: u64::try_from(self.estimated).unwrap_or(0),
        });
        Ok(finished)
    }

    async fn attempt(
        &self,
        session: &mut Session<'_>,
        batch_size: &mut BatchSize,
        part: usize,
        started: Instant,
    ) -> Result<bool, StageError> {
        let Some(cursor) = self.parts.borrow().cursor(part) else { return Ok(true) };
        let ask = Ask::after(started, self.context.settings.lock.patience);
        let transaction = session.begin_batch(ask).await?;
        let size = batch_size.rows(self.throttle.most());
        let done = self.copy_rows(transaction, part, &cursor, size).await?;
        let finished = done.next.is_none();
        self.throttle.control.set(done.control);
        let rests = !self.throttle.pause().is_zero() || done.control.paused;
        crash_point("commit", self.context.stage.as_str());
        session.commit(!finished && !rests).await?;
        crash_point("committed", self.context.stage.as_str());
        batch_size.took(size, done.took, self.throttle.most());
        self.copied.set(self.copied.get() + done.copied);
        self.parts.borrow_mut().advance(part, done.next, cursor.rows + done.rows);
        Ok(finished)
    }

    /// Runs the statements of one batch.
    async fn copy_rows(
        &self,
        transaction: &DatabaseTransaction,
        part: usize,
        cursor: &Cursor,
        size: u32,
    ) -> Result<Done, StageError> {
        let batch = self.walk.next(transaction, cursor, size).await?;
        let limit = batch.limit.map(|rows| format!(" LIMIT {rows}")).unwrap_or_default();
        let sql = format!("{} AND {}{limit}", self.set, batch.condition);
        let changed = Cell::new((0, Duration::ZERO));
        let (dialect, table) = (self.context.dialect(), &self.context.columns().table);
        without_triggers(transaction, dialect, table, async |transaction| {
            // Each batch has another text, so preparing it would only cost another round trip.
            let began = Instant::now();
            let copied = transaction.execute_unprepared(&sql).await?.rows_affected();
            changed.set((copied, began.elapsed()));
            Ok(())
        })
        .await?;
        let (copied, took) = changed.get();
        let rows = batch.rows.unwrap_or(copied);
        let mut next = batch.next;
        if batch.limit.is_some_and(|rows| copied < u64::from(rows)) {
            next = None;
        } else if batch.limit.is_some()
            && let Some(next) = &mut next
        {
            next.rows += copied;
        }
        let mut then = self.parts.borrow().clone();
        then.advance(part, next.clone(), cursor.rows + rows);
        let note = Batch { cursor: then.text()?, copied, estimated: self.estimated };
        let noting = Instant::now();
        let asked = tables::note_batch(transaction, dialect, self.seen, &note).await??;
        let took = took.saturating_sub(noting.elapsed());
        Ok(Done { next, rows, copied, took, control: Control::read(asked.as_deref())? })
    }
}

/// The result of a batch.
struct Done {
    next: Option<Cursor>,
    rows: u64,
    copied: u64,
    /// The time for the rows, without the round trip to the server, which is the same for any number
    /// of rows.
    took: Duration,
    control: Control,
}
