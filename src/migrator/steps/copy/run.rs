use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::super::super::event::Event;
use super::super::super::session::Ask;
use super::super::super::stage::{Context, Lock};
use super::super::super::stage_error::StageError;
use super::super::compare::distinct;
use super::super::crash_point;
use super::super::triggers::{may_silence, without_triggers};
use super::batch::Session;
use super::hold::Hold;
use super::pace::Pace;
use super::parts::Parts;
use super::walk::{Cursor, Walk};
use crate::database::catalog::{self, Column, Table};
use crate::database::tables::{self, Batch, ChangeRow, Control};
use crate::database::{Dialect, with_lock_retry};
use crate::model::{Identifier, Side};

/// Parts a worker, so that none is left alone with a large one at the end.
const PARTS: u32 = 4;

/// Connections of the pool that are not for workers: one has the migration lock, one looks.
const OTHERS: u32 = 2;

/// Copies one column into the other, wherever they differ, in batches along the table's key.
///
/// Each batch is one atomic `SET a = b`, in a transaction that notes how far it came, and in which
/// the change is still in the state and epoch that it was seen in, and stays so until it ends
/// (docs/explanation/protocol.md, rules 4 to 6): so an interrupted copy goes on where it was. Without a key on MariaDB
/// it takes so many of the rows that differ, again and again: each time it reads the table from the
/// beginning.
pub(in crate::migrator) async fn copy(
    context: &Context<'_>,
    seen: &ChangeRow,
    column: &Column,
    into: Side,
) -> Result<(), StageError> {
    let (change, rename) = (&context.change.name, context.rename());
    let started = Instant::now();
    let Some(copy) = Copying::begin(context, seen, column, into).await? else {
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
struct Copying<'c> {
    context: &'c Context<'c>,
    seen: &'c ChangeRow,
    /// The statement, to be narrowed to a batch.
    set: String,
    /// The app's triggers are kept from firing.
    silent: bool,
    walk: Walk,
    estimated: i64,
    copied: Cell<u64>,
    parts: RefCell<Parts>,
    hold: Hold<'c>,
    warned: Cell<bool>,
}

impl<'c> Copying<'c> {
    /// Where the copy is; none if the table is empty.
    async fn begin(
        context: &'c Context<'c>,
        seen: &'c ChangeRow,
        column: &Column,
        into: Side,
    ) -> Result<Option<Self>, StageError> {
        let (dialect, change) = (context.dialect(), &context.change.name);
        let (table, rename) = (context.table().await?, context.rename());
        let set = assignment(context, column, into, &table);
        let mut walk = Walk::new(dialect, &rename.table, &table)?;
        let connection = context.database.connection();
        context
            .transaction(Lock::Rows, async |transaction| {
                Ok(tables::add_control(transaction, dialect).await?)
            })
            .await?;
        let silent = may_silence(connection, dialect).await?;
        let control: Control = tables::control(connection, change).await?;
        let hold = Hold::new(context, control)?;
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
            Self { context, seen, set, silent, walk, estimated, copied, parts, hold, warned };
        Ok(Some(copy))
    }

    /// Batches at the same time: as many as are wanted and the database takes.
    fn workers(&self) -> u32 {
        let asked = self.hold.control.get().workers;
        let wanted = asked.unwrap_or(self.context.settings.backfill.workers).max(1);
        let most = match self.context.dialect() {
            Dialect::Postgres => {
                let connection = self.context.database.connection();
                let pool = connection.get_postgres_connection_pool();
                pool.options().get_max_connections().saturating_sub(OTHERS).max(1)
            }
            Dialect::Sqlite | Dialect::Mysql => 1,
        };
        if wanted > most && !self.warned.replace(true) {
            let why = match self.context.dialect() {
                Dialect::Postgres => "the pool has too few connections",
                Dialect::Sqlite => "SQLite has one writer",
                Dialect::Mysql => "on MariaDB the migration is one session",
            };
            let what = format!("copying with {most} worker instead of {wanted}: {why}");
            self.context.observer.event(Event::Warning { what });
        }
        wanted.min(most)
    }

    /// Divides what is left if it is in too few parts for so many workers.
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

    /// One worker: part after part, until none is left or another number of workers is wanted.
    async fn work(&self, workers: u32) -> Result<(), StageError> {
        let mut session = Session::new(self.context, self.silent);
        let settings = &self.context.settings.backfill;
        let steady = self.walk.is_without_place();
        let mut pace = Pace::new(settings.target_batch_time, self.hold.most(), steady);
        loop {
            let taken = self.parts.borrow_mut().take();
            let Some(part) = taken else { break };
            while self.workers() == workers {
                self.hold.wait(&mut session).await?;
                if self.batch(&mut session, &mut pace, part).await? {
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
        let pause = self.hold.pause();
        if pause.is_zero() {
            // Nothing but to let whoever runs this as a future stop here.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(pause).await;
        }
    }

    /// Copies the next batch of a part; whether that was its last.
    async fn batch(
        &self,
        session: &mut Session<'_>,
        pace: &mut Pace,
        part: usize,
    ) -> Result<bool, StageError> {
        let started = Instant::now();
        let attempt = async || match self.attempt(session, pace, part, started).await {
            Err(error) => {
                session.abandon().await;
                if !error.is_missed_lock() {
                    return Err(error);
                }
                pace.missed(pace.size(self.hold.most()));
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
        pace: &mut Pace,
        part: usize,
        started: Instant,
    ) -> Result<bool, StageError> {
        let Some(cursor) = self.parts.borrow().cursor(part) else { return Ok(true) };
        let ask = Ask::after(started, self.context.settings.lock.patience);
        let transaction = session.begin_batch(ask).await?;
        let size = pace.size(self.hold.most());
        let done = self.copy_rows(transaction, part, &cursor, size).await?;
        let finished = done.next.is_none();
        self.hold.control.set(done.control);
        let rests = !self.hold.pause().is_zero() || done.control.paused;
        crash_point("commit", self.context.stage.as_str());
        session.commit(!finished && !rests).await?;
        crash_point("committed", self.context.stage.as_str());
        pace.took(size, done.took, self.hold.most());
        self.copied.set(self.copied.get() + done.copied);
        self.parts.borrow_mut().advance(part, done.next, cursor.rows + done.rows);
        Ok(finished)
    }

    /// The statements of one batch.
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
        let (dialect, table) = (self.context.dialect(), &self.context.rename().table);
        without_triggers(transaction, dialect, table, async |transaction| {
            // Its text is another one each time: preparing it would only be one trip more.
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

/// What came of a batch.
struct Done {
    next: Option<Cursor>,
    rows: u64,
    copied: u64,
    /// What its rows took, without the way to the server and back, which is the same for any number
    /// of rows.
    took: Duration,
    control: Control,
}

/// `UPDATE t SET a = b WHERE a and b differ`, to be narrowed to a batch. A column that an UPDATE would
/// set by itself keeps its value.
fn assignment(context: &Context<'_>, column: &Column, into: Side, of: &Table) -> String {
    let (dialect, rename) = (context.dialect(), context.rename());
    let (from, to) = (dialect.quote(&rename.from), dialect.quote(&rename.to));
    let (target, source) = if into == Side::To { (to, from) } else { (from, to) };
    let differs = distinct(dialect, column, &target, &source);
    let table = dialect.quote_table(&rename.table);
    let kept = of.columns.iter().filter(|column| column.on_update);
    let kept = kept.filter_map(|column| Identifier::new(column.name.as_str()).ok());
    let kept = kept.map(|name| dialect.quote(&name)).map(|name| format!(", {name} = {name}"));
    let kept = kept.collect::<String>();
    format!("UPDATE {table} SET {target} = {source}{kept} WHERE {differs}")
}
