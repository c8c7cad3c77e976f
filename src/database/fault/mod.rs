//! The meaning of a database's errors.

mod classify;
mod detail;
mod kind;
#[cfg(feature = "sqlx-mysql")]
mod mariadb;
#[cfg(feature = "sqlx-postgres")]
mod postgres;
#[cfg(feature = "sqlx-sqlite")]
mod sqlite;

pub use classify::{fault, sqlx_fault};
pub(super) use detail::detail;
pub use kind::{Fault, GUARD_SQLSTATE};
