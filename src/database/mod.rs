//! Access to the databases, and their differences: connections, introspection, the `handover_*`
//! tables, and the lock that lets one runner work at a time.

mod alone;
mod announce;
mod beside;
pub mod catalog;
mod connect;
mod connect_error;
mod contents;
mod dialect;
pub mod dump;
mod fault;
mod kind;
mod lock;
mod mariadb;
mod message;
mod query;
mod redact;
mod scratch;
mod session;
mod sqlite_column;
mod sqlite_not_null;
pub mod tables;
mod type_name;

pub use alone::run_alone;
pub use announce::{Announcements, announce_epoch};
pub use connect::{Access, Database};
pub use connect_error::ConnectError;
pub use contents::contents;
pub use dialect::Dialect;
pub use fault::{Fault, GUARD_SQLSTATE, fault, sqlx_fault};
pub use lock::{LockError, LockPolicy, RunnerLock, session_holds_lock, with_lock_retry};
pub use message::{cause, explained, plain};
pub use query::{execute, get, row, rows, table};
pub use redact::redact;
pub use scratch::{Scratch, ScratchError};
pub use session::{mariadb_own_settings, mariadb_settings, postgres_settings};
pub use sqlite_column::checks_of_column;
pub use sqlite_not_null::{
    RemovedNotNull, definition as sqlite_definition, put_back_not_null, remove_not_null,
};
pub use type_name::{affinity, bare_type, canonical_type};
