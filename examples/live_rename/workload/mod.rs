//! What an instance does all day: a mix of all the ways to use `users`.

mod nicknames;
mod probe;
mod reads;
mod transactions;
mod writes;

use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use handover::Shim;
use sea_orm::DbErr;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::Users;
use crate::journal::{self, Change, Journal, Owners, Row};

pub use probe::Probe;

/// Workers an instance has; the last one holds transactions open for long.
pub const WORKERS: i32 = 4;

/// A worker inserts while it has fewer rows than this, and deletes above.
const FEW: usize = 150;

/// One worker: the only one, in all instances, to touch its rows.
pub struct Worker<U> {
    db: Shim,
    probe: Arc<Probe>,
    journal: Journal,
    prefix: String,
    next_id: i32,
    _users: PhantomData<U>,
}

type Done = Result<(), DbErr>;

impl<U: Users> Worker<U> {
    pub fn new(db: Shim, probe: Arc<Probe>, folder: &Path, worker: i32) -> std::io::Result<Self> {
        let journal = Journal::open(&journal::path(folder, worker))?;
        let first_id = Owners::first_id(worker);
        let last_id = journal.rows().keys().next_back().copied().unwrap_or(first_id);
        Ok(Self {
            db,
            probe,
            journal,
            prefix: prefix(worker),
            next_id: first_id.max(last_id) + 1,
            _users: PhantomData,
        })
    }

    /// Works until told to stop, and then until the operation at hand is done.
    pub async fn run(mut self, lingering: bool, stop: watch::Receiver<bool>) {
        let mut turn = 0_u32;
        while !*stop.borrow() {
            let done = if lingering { self.linger().await } else { self.turn(turn).await };
            turn += 1;
            // An error is counted and noted; a row that it left open is read at the next turn.
            sleep(Duration::from_millis(if done.is_ok() { 5 } else { 50 })).await;
        }
    }

    async fn turn(&mut self, turn: u32) -> Done {
        self.settle().await?;
        match turn % 15 {
            1 => self.insert().await,
            3 => self.rename().await,
            4 => self.list().await,
            5 => self.touch().await,
            6 => self.upsert().await,
            7 => self.insert_many().await,
            8 => self.take_over_a_name().await,
            9 => self.paginate().await,
            10 => self.commit().await,
            11 => self.roll_back().await,
            12 => self.stream().await,
            13 => self.delete().await,
            14 => self.give_nickname().await,
            _ => self.find().await,
        }
    }

    /// Rows that are there, for sure, and what they hold.
    fn known(&self) -> impl Iterator<Item = (i32, &Row)> {
        self.journal.rows().iter().filter_map(|(id, may_be)| match may_be.as_slice() {
            [Some(row)] => Some((*id, row)),
            _ => None,
        })
    }

    /// A row of this worker's, at random.
    fn any(&self) -> Result<(i32, Row), DbErr> {
        let count = self.known().count();
        let some = self.known().nth(rand::random_range(0..count.max(1)));
        some.map(|(id, row)| (id, row.clone())).ok_or_else(|| failure("no row left"))
    }

    /// A row that this worker has not had before.
    fn fresh(&mut self) -> (i32, Row) {
        let id = self.next_id;
        self.next_id += 1;
        let name = name(&self.prefix, id, 1);
        let nickname = Some(nickname(&name));
        (id, U::seen(&Row { name, email: None, version: 1, nickname }))
    }

    /// The same row under another name.
    fn renamed(&self, id: i32, row: &Row) -> Row {
        let version = row.version + 1;
        Row { name: name(&self.prefix, id, version), version, ..row.clone() }
    }

    /// Notes the changes, sends the statement, and notes that it was acknowledged.
    async fn write<T>(
        &mut self,
        changes: &[Change],
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        self.intend(changes)?;
        let answer = self.probe.measure(statement).await?;
        self.acknowledge(changes)?;
        Ok(answer)
    }

    fn intend(&mut self, changes: &[Change]) -> Done {
        self.journal.intend(changes).map_err(failure)
    }

    fn acknowledge(&mut self, changes: &[Change]) -> Done {
        self.probe.acknowledged(changes.len());
        self.journal.acknowledge(changes).map_err(failure)
    }
}

/// What the names of a worker's rows begin with.
pub fn prefix(worker: i32) -> String {
    format!("w{worker}-")
}

/// A name that no row had before.
pub fn name(prefix: &str, id: i32, version: i32) -> String {
    format!("{prefix}{id}-{version}")
}

/// The nickname of somebody who has this name at first.
pub fn nickname(name: &str) -> String {
    format!("nick-{name}")
}

fn failure(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(error.to_string())
}
