//! The meaning of a database's errors.

mod classify;
mod kind;
#[cfg(feature = "sqlx-mysql")]
mod mariadb;
#[cfg(feature = "sqlx-postgres")]
mod postgres;
#[cfg(feature = "sqlx-sqlite")]
mod sqlite;

pub use classify::{fault, sqlx_fault};
pub use kind::{Fault, GUARD_SQLSTATE};
