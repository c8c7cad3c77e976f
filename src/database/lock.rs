use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr};

use super::{Database, Dialect, execute, get};

/// How long a statement waits in a lock queue, and how long it is tried again.
///
/// While a schema change waits for its lock, every later statement on the table waits behind it.
/// So it waits briefly, gives up, and comes back after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockPolicy {
    /// The wait of one attempt.
    pub timeout: Duration,
    /// How long attempts go on.
    pub patience: Duration,
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { timeout: Duration::from_millis(50), patience: Duration::from_mins(1) }
    }
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another runner holds the lock.
    #[error("another handover is migrating this database")]
    Held,
    /// The lock file beside an SQLite database cannot be opened.
    #[error("the lock file `{}` cannot be opened", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database failed.
    #[error("the migration lock cannot be taken")]
    Database(#[from] DbErr),
}

/// The right to migrate: one runner at a time holds it, until it is dropped or its process dies.
///
/// On PostgreSQL it is an advisory lock of an open transaction, not of a session, so that it holds
/// behind a proxy that pools by transaction. On SQLite it is a lock on a file beside the database,
/// which the operating system takes back from a killed process. On MariaDB it is a named lock of the
/// one session that also changes the schema: a runner without that session has lost both.
#[derive(Debug)]
#[must_use]
pub enum RunnerLock {
    /// A transaction that holds the advisory lock.
    Transaction(DatabaseTransaction),
    /// The one connection, whose session holds a named lock.
    Session(DatabaseConnection),
    /// A locked file.
    File(File),
    /// A database in memory has no second runner.
    Memory,
}

/// "handover" in ASCII, as the key of the advisory lock.
const ADVISORY_KEY: i64 = 0x6861_6e64_6f76_6572;

/// The name of the lock, which the whole server shares, as an SQL expression: that of the database
/// may be too long for it.
const LOCK_NAME: &str = "concat('handover.', left(sha2(database(), 256), 40))";

impl RunnerLock {
    /// Takes the lock, or says that another runner has it.
    ///
    /// # Errors
    /// Another runner has it, or the database or the lock file cannot be used.
    pub async fn take(database: &Database) -> Result<Self, LockError> {
        match database.dialect() {
            Dialect::Sqlite => match database.file() {
                None => Ok(Self::Memory),
                Some(file) => {
                    let mut name = file.as_os_str().to_owned();
                    name.push(".handover-lock");
                    let name = PathBuf::from(name);
                    // A database that may only be read gets no file beside it.
                    if !name.exists() {
                        let transaction = database.begin().await?;
                        // Beginning alone is let pass.
                        execute(&transaction, "CREATE TABLE handover_probe (id integer)", [])
                            .await?;
                        transaction.rollback().await?;
                    }
                    Self::lock_file(name)
                }
            },
            Dialect::Mysql => {
                // A session that has it would be given it again.
                let sql = format!(
                    "SELECT is_used_lock({LOCK_NAME}) IS NULL AND get_lock({LOCK_NAME}, 0) = 1"
                );
                let connection = database.connection();
                match get::<Option<bool>, _, _>(connection, &sql, []).await?.flatten() {
                    Some(true) => Ok(Self::Session(connection.clone())),
                    _ => Err(LockError::Held),
                }
            }
            Dialect::Postgres => {
                // At a higher isolation it would keep a snapshot, for which a concurrent build of an
                // index waits.
                let transaction = database.begin().await?;
                // The transaction is idle for as long as the migration takes.
                transaction
                    .execute_unprepared(
                        "SET LOCAL idle_in_transaction_session_timeout = 0; \
                         SELECT set_config(name, '0', true) FROM pg_settings \
                         WHERE name = 'transaction_timeout'",
                    )
                    .await?;
                let sql = "SELECT pg_try_advisory_xact_lock($1)";
                let free: Option<bool> = get(&transaction, sql, [ADVISORY_KEY.into()]).await?;
                if free == Some(true) {
                    Ok(Self::Transaction(transaction))
                } else {
                    Err(LockError::Held)
                }
            }
        }
    }

    fn lock_file(path: PathBuf) -> Result<Self, LockError> {
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        match file.map(|file| (file.try_lock(), file)) {
            Ok((Ok(()), file)) => Ok(Self::File(file)),
            Ok((Err(TryLockError::WouldBlock), _)) => Err(LockError::Held),
            Ok((Err(TryLockError::Error(source)), _)) | Err(source) => {
                Err(LockError::File { path, source })
            }
        }
    }

    /// Gives the lock back.
    ///
    /// # Errors
    /// The database fails; the lock is free all the same.
    pub async fn release(self) -> Result<(), LockError> {
        match self {
            Self::Transaction(transaction) => transaction.rollback().await?,
            Self::Session(connection) => {
                execute(&connection, &format!("DO release_lock({LOCK_NAME})"), []).await?;
            }
            Self::File(_) | Self::Memory => {}
        }
        Ok(())
    }
}

/// Whether this session of MariaDB holds the lock. It may have been ended from outside, and another
/// one begun in its place.
///
/// # Errors
/// Whatever the database reports.
pub async fn session_holds_lock<C: ConnectionTrait>(session: &C) -> Result<bool, DbErr> {
    let sql = format!("SELECT is_used_lock({LOCK_NAME}) <=> connection_id()");
    Ok(get::<bool, _, _>(session, &sql, []).await?.unwrap_or(false))
}

/// Runs `attempt` until it succeeds, fails with something other than a missed lock, or the
/// patience is over; then its last error is returned.
///
/// # Errors
/// The last attempt's.
pub async fn with_lock_retry<T, E>(
    policy: LockPolicy,
    is_missed_lock: impl Fn(&E) -> bool,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    // The jitter finds the gaps between transactions that come and go.
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(30))
        .with_factor(1.5)
        .with_jitter()
        .without_max_times()
        .build();
    let started = Instant::now();
    loop {
        match attempt().await {
            Err(error) if is_missed_lock(&error) && started.elapsed() < policy.patience => {
                let pause = pauses.next().unwrap_or(policy.timeout);
                tracing::debug!(?pause, "the lock was not free; trying again");
                tokio::time::sleep(pause).await;
            }
            other => return other,
        }
    }
}
