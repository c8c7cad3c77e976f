//! What the database says besides the message of an error.

use sea_orm::{DbErr, RuntimeErr};

#[cfg(feature = "sqlx-postgres")]
use super::postgres;

/// What the database says besides the message of an error: on PostgreSQL, the objects that it is about.
pub(in crate::database) fn detail(error: &DbErr) -> Option<&str> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return None;
    };
    match &**inner {
        #[cfg(feature = "sqlx-postgres")]
        sea_orm::sqlx::Error::Database(error) => postgres::detail(&**error),
        _ => None,
    }
}
