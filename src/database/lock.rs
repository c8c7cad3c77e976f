//! The migration lock, by which one runner works at a time, and waiting for table locks.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr};

use super::{Database, Dialect, execute, get};

/// The limits of waiting for a table lock.
///
/// While a schema change waits for its lock, every later statement on the table waits behind it. So
/// an attempt waits briefly and gives up, and the next one comes after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockPolicy {
    /// The maximum wait of one attempt.
    pub timeout: Duration,
    /// The time after which no further attempt is made.
    pub patience: Duration,
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { timeout: Duration::from_millis(50), patience: Duration::from_mins(1) }
    }
}

/// The reason why the lock was not taken.
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
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The database reported an error.
    #[error("the migration lock cannot be taken")]
    Database(#[from] DbErr),
}

/// The migration lock: one runner at a time holds it, until it is dropped or its process dies.
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
    /// The only connection, whose session holds a named lock.
    Session(DatabaseConnection),
    /// A locked file.
    File(File),
    /// No lock: a database in memory has no second runner.
    Memory,
}

/// "handover" in ASCII, as the key of the advisory lock.
const ADVISORY_KEY: i64 = 0x6861_6e64_6f76_6572;

/// The name of the lock, as an SQL expression. All databases of the server share such names, and
/// the database's name may be too long for one.
const LOCK_NAME: &str = "concat('handover.', left(sha2(database(), 256), 40))";

impl RunnerLock {
    /// Takes the lock, or reports that another runner has it.
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
                    // No lock file is created beside a read-only database.
                    if !name.exists() {
                        let transaction = database.begin().await?;
                        // BEGIN alone succeeds on a read-only database.
                        execute(&transaction, "CREATE TABLE handover_probe (id integer)", [])
                            .await?;
                        transaction.rollback().await?;
                    }
                    Self::lock_file(name)
                }
            },
            Dialect::MariaDb => {
                // GET_LOCK alone would succeed in a session that has the lock already.
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
                // At a higher isolation level the transaction would hold a snapshot, and a
                // concurrent index build would wait for it.
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

    /// Releases the lock.
    ///
    /// # Errors
    /// The database reports an error; the lock is released all the same.
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

/// Returns true if this session of MariaDB holds the lock. The session may have been ended from
/// outside and replaced by another.
///
/// # Errors
/// The database reports an error.
pub async fn session_holds_lock<C: ConnectionTrait>(session: &C) -> Result<bool, DbErr> {
    let sql = format!("SELECT is_used_lock({LOCK_NAME}) <=> connection_id()");
    Ok(get::<bool, _, _>(session, &sql, []).await?.unwrap_or(false))
}

/// Runs `attempt` until it succeeds, fails for a reason other than a missed lock, or the patience
/// is used up; then returns its last error.
///
/// # Errors
/// The error of the last attempt.
pub async fn with_lock_retry<T, E>(
    policy: LockPolicy,
    is_missed_lock: impl Fn(&E) -> bool,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    // The jitter helps to find gaps between short transactions.
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
