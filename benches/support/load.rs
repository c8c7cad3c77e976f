//! An app under load: statements come when they come, whether or not the ones before are done.

use std::mem::take;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use handover::Shim;
use rand::RngExt;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DbErr, Statement, TransactionTrait as _, Value,
};
use tokio::sync::RwLock;
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

use super::project;

const PER_SECOND: f64 = 500.0;

/// The number of rows: a million, or what `HANDOVER_ROWS` says.
pub fn rows() -> i64 {
    std::env::var("HANDOVER_ROWS").map_or(1_000_000, |rows| rows.parse().unwrap())
}

/// The app's one process, of some release.
pub struct App {
    shim: RwLock<Shim>,
    next: AtomicI64,
    /// True if half of the statements are in transactions, with another statement each.
    transactions: bool,
    rows: i64,
}

impl App {
    pub async fn start(url: &str, release: &str, transactions: bool) -> Self {
        let shim = RwLock::new(start(url, release).await);
        Self { shim, next: AtomicI64::new(1), transactions, rows: rows() }
    }

    /// Rolls a release out: a new process comes, then the old one goes.
    pub async fn become_release(&self, url: &str, release: &str) {
        let next = start(url, release).await;
        let before = std::mem::replace(&mut *self.shim.write().await, next);
        // What it has begun takes much less than that.
        tokio::time::sleep(Duration::from_secs(1)).await;
        before.shutdown().await.unwrap();
    }

    pub async fn stop(&self) {
        self.shim.read().await.shutdown().await.unwrap();
    }

    /// 80% of the statements read a row by its key, the others change its name.
    async fn statement(&self) -> Result<(), DbErr> {
        let shim = self.shim.read().await.clone();
        if !self.transactions || rand::rng().random_bool(0.5) {
            return self.send(&shim).await;
        }
        let transaction = shim.begin().await?;
        self.send(&transaction).await?;
        self.send(&transaction).await?;
        transaction.commit().await
    }

    async fn send(&self, shim: &impl ConnectionTrait) -> Result<(), DbErr> {
        let key: Value = rand::rng().random_range(1..=self.rows).into();
        let backend = shim.get_database_backend();
        if rand::rng().random_bool(0.8) {
            let sql = "SELECT id, handle, email FROM users WHERE id = $1";
            let row = shim.query_one_raw(Statement::from_sql_and_values(backend, sql, [key]));
            row.await?.ok_or_else(|| DbErr::RecordNotFound("a row".to_owned()))?;
        } else {
            let name = format!("name{}", self.next.fetch_add(1, Ordering::Relaxed));
            let sql = "UPDATE users SET handle = $1 WHERE id = $2";
            let values = [name.into(), key];
            shim.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        }
        Ok(())
    }
}

async fn start(url: &str, release: &str) -> Shim {
    let mut options = ConnectOptions::new(url);
    options.min_connections(10).max_connections(10).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    Shim::builder(connection, project::example()).app_version(release).start().await.unwrap()
}

/// What the statements took that ended since the last look.
#[derive(Default)]
pub struct Taken {
    /// From the time at which a statement was to be sent, not from when it could be.
    pub latencies: Vec<Duration>,
    pub failed: Vec<DbErr>,
}

/// A load that goes on until it is stopped.
pub struct Load {
    taken: Arc<Mutex<Taken>>,
    stopped: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Load {
    pub fn start(app: Arc<App>) -> Self {
        let taken = Arc::new(Mutex::new(Taken::default()));
        let stopped = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(schedule(app, Arc::clone(&taken), Arc::clone(&stopped)));
        Self { taken, stopped, task }
    }

    pub fn take(&self) -> Taken {
        take(&mut self.taken.lock().unwrap())
    }

    pub async fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
    }
}

/// Begins statements at random times, as many a second as there shall be.
async fn schedule(app: Arc<App>, taken: Arc<Mutex<Taken>>, stopped: Arc<AtomicBool>) {
    let mut due = Instant::now();
    while !stopped.load(Ordering::Relaxed) {
        let pause = -(1.0 - rand::rng().random::<f64>()).ln() / PER_SECOND;
        due += Duration::from_secs_f64(pause);
        sleep_until(due.into()).await;
        let (app, taken) = (Arc::clone(&app), Arc::clone(&taken));
        tokio::spawn(async move {
            let result = app.statement().await;
            let latency = due.elapsed();
            let mut taken = taken.lock().unwrap();
            match result {
                Ok(()) => taken.latencies.push(latency),
                Err(error) => taken.failed.push(error),
            }
        });
    }
}
