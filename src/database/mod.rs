//! Access to the databases, and their differences: connections, introspection, the `handover_*`
//! tables, and the lock that lets one runner work at a time.

mod announce;
#[cfg(feature = "sqlx-postgres")]
mod announcements;
mod begin_transaction;
#[cfg(feature = "migrate")]
pub mod catalog;
pub mod columns;
mod compiled;
#[cfg(feature = "migrate")]
mod connect;
mod connect_error;
#[cfg(feature = "migrate")]
mod contents;
mod dialect;
#[cfg(feature = "migrate")]
pub mod dump;
mod fault;
#[cfg(feature = "migrate")]
mod kind;
#[cfg(feature = "migrate")]
mod lock;
mod mariadb;
mod message;
#[cfg(not(feature = "sqlx-postgres"))]
mod no_announcements;
#[cfg(all(feature = "migrate", not(feature = "sqlx-postgres")))]
mod no_outside_transaction;
#[cfg(all(feature = "migrate", feature = "sqlx-postgres"))]
mod outside_transaction;
#[cfg(feature = "sqlx-postgres")]
mod own_session;
mod pool;
mod query;
#[cfg(feature = "migrate")]
mod redact;
#[cfg(feature = "migrate")]
mod scratch;
#[cfg(feature = "migrate")]
mod session;
mod sessions;
#[cfg(feature = "migrate")]
mod sqlite_column;
#[cfg(feature = "migrate")]
mod sqlite_edit_not_null;
pub mod tables;
mod type_name;

pub use announce::announce_epoch;
#[cfg(feature = "sqlx-postgres")]
pub use announcements::{Announcements, may_share_sessions};
pub use compiled::NotCompiled;
#[cfg(feature = "migrate")]
pub use connect::Access;
pub use connect_error::ConnectError;
#[cfg(feature = "migrate")]
pub use contents::contents;
pub use dialect::Dialect;
pub use fault::{Fault, GUARD_SQLSTATE, fault, sqlx_fault};
#[cfg(feature = "migrate")]
pub use lock::{LockError, LockPolicy, RunnerLock, session_holds_lock, with_lock_retry};
#[cfg(feature = "migrate")]
pub use message::explained;
pub use message::{cause, plain};
#[cfg(not(feature = "sqlx-postgres"))]
pub use no_announcements::{Announcements, may_share_sessions};
#[cfg(all(feature = "migrate", not(feature = "sqlx-postgres")))]
pub use no_outside_transaction::run_alone;
#[cfg(all(feature = "migrate", feature = "sqlx-postgres"))]
pub use outside_transaction::run_alone;
pub use pool::Database;
pub use query::{execute, get, row, rows, table};
#[cfg(feature = "migrate")]
pub use redact::redact;
#[cfg(feature = "migrate")]
pub use scratch::{Scratch, ScratchError};
#[cfg(feature = "migrate")]
pub use session::{mariadb_own_settings, mariadb_settings, postgres_settings};
pub use sessions::own_client;
#[cfg(feature = "migrate")]
pub use sessions::{other_sessions, session_leeway};
#[cfg(feature = "migrate")]
pub use sqlite_column::checks_of_column;
#[cfg(feature = "migrate")]
pub use sqlite_edit_not_null::{
    RemovedNotNull, definition as sqlite_definition, put_back_not_null, remove_not_null,
};
pub use type_name::{affinity, bare_type, canonical_type};
