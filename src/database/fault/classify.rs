//! Asks each kind of database for the meaning of an error.

use sea_orm::sqlx;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};

use super::kind::Fault;
#[cfg(feature = "sqlx-mysql")]
use super::mariadb;
#[cfg(feature = "sqlx-postgres")]
use super::postgres;
#[cfg(feature = "sqlx-sqlite")]
use super::sqlite;

/// Classifies a database error.
#[must_use]
pub fn fault(error: &DbErr) -> Fault {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))
    | DbErr::Conn(RuntimeErr::SqlxError(inner))) = error
    else {
        return Fault::Other;
    };
    sqlx_fault(inner)
}

/// Classifies an error of sqlx.
pub fn sqlx_fault(error: &sqlx::Error) -> Fault {
    let sqlx::Error::Database(error) = error else {
        return Fault::Other;
    };
    OF_DATABASES.iter().find_map(|fault| fault(&**error)).unwrap_or(Fault::Other)
}

/// Of each database, the function that knows its errors.
const OF_DATABASES: &[fn(&dyn DatabaseError) -> Option<Fault>] = &[
    #[cfg(feature = "sqlx-postgres")]
    postgres::fault,
    #[cfg(feature = "sqlx-mysql")]
    mariadb::fault,
    #[cfg(feature = "sqlx-sqlite")]
    sqlite::fault,
];
