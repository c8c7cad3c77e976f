//! Connecting to the database of a URL. What a driver's own types are needed for stands in the file of
//! its database, which is left out with the driver.

mod access;
mod beside;
mod by_url;
#[cfg(feature = "sqlx-mysql")]
pub(super) mod mariadb;
mod own;
#[cfg(feature = "sqlx-postgres")]
mod postgres;
#[cfg(any(feature = "sqlx-postgres", feature = "sqlx-mysql"))]
mod server;
#[cfg(feature = "sqlx-sqlite")]
mod sqlite;
mod target;

pub use access::Access;
