//! The shims that run in this process, found by the pools that they are built on.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DatabaseConnectionType};
use tokio::task::JoinHandle;

use super::code::Code;
use super::lease::Lease;

/// A lease with the task that renews it. Stops the task when the last clone of the shim is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub lease: Arc<Lease>,
    /// `None` for a lease that never has to be renewed.
    pub task: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.lease.stop.notify_one();
    }
}

impl Running {
    /// Returns true if a process with these settings needs no shim besides this one. The task ends
    /// with the runtime that it was started on.
    pub fn serves(&self, code: &Code, length: Duration) -> bool {
        self.task.as_ref().is_some_and(|task| !task.is_finished())
            && self.lease.serves(code, length)
    }
}

/// Every shim of the process, each with the address of its pool. A shim keeps its pool, so no other pool
/// has the same address as long as the shim is there.
static RUNNING: Mutex<Vec<(usize, Weak<Running>)>> = Mutex::new(Vec::new());

/// Returns the latest shim on the pool of this connection that fits.
pub(super) fn find(
    connection: &DatabaseConnection,
    fits: impl Fn(&Running) -> bool,
) -> Option<Arc<Running>> {
    let pool = address(connection)?;
    let shims = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    find_in(&shims, pool, fits)
}

/// Adds a shim, unless there is one that fits: returns that one.
pub(super) fn enter(
    running: &Arc<Running>,
    fits: impl Fn(&Running) -> bool,
) -> Option<Arc<Running>> {
    let pool = address(running.lease.database.connection())?;
    let mut shims = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    shims.retain(|(_, shim)| shim.strong_count() > 0);
    let other = find_in(&shims, pool, fits);
    if other.is_none() {
        shims.push((pool, Arc::downgrade(running)));
    }
    other
}

fn find_in(
    shims: &[(usize, Weak<Running>)],
    pool: usize,
    fits: impl Fn(&Running) -> bool,
) -> Option<Arc<Running>> {
    let own = shims.iter().rev().filter(|(address, _)| *address == pool);
    own.filter_map(|(_, shim)| shim.upgrade()).find(|shim| fits(shim))
}

/// Returns the address of what all clones of a connection share; `None` if they share nothing.
fn address(connection: &DatabaseConnection) -> Option<usize> {
    match &connection.inner {
        #[cfg(feature = "sqlx-sqlite")]
        DatabaseConnectionType::SqlxSqlitePoolConnection(_) => {
            Some((&raw const *connection.get_sqlite_connection_pool().options()).addr())
        }
        #[cfg(feature = "sqlx-postgres")]
        DatabaseConnectionType::SqlxPostgresPoolConnection(_) => {
            Some((&raw const *connection.get_postgres_connection_pool().options()).addr())
        }
        #[cfg(feature = "sqlx-mysql")]
        DatabaseConnectionType::SqlxMySqlPoolConnection(_) => {
            Some((&raw const *connection.get_mysql_connection_pool().options()).addr())
        }
        #[cfg(feature = "mock")]
        DatabaseConnectionType::MockDatabaseConnection(mock) => Some(Arc::as_ptr(mock).addr()),
        _ => None,
    }
}
