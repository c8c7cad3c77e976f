//! The meaning of the errors of SQLite.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;

use super::kind::Fault;

/// Classifies an error of SQLite; `None` if it is of another database.
pub(super) fn fault(error: &dyn DatabaseError) -> Option<Fault> {
    error.try_downcast_ref::<SqliteError>()?;
    Some(classify(&error.code().unwrap_or_default(), error.message()))
}

/// Classifies SQLite's extended result codes; an unknown column has only the generic code 1 and a
/// message.
fn classify(code: &str, message: &str) -> Fault {
    match code {
        // BUSY, LOCKED, BUSY_RECOVERY, LOCKED_SHAREDCACHE, BUSY_SNAPSHOT
        "5" | "6" | "261" | "262" | "517" => Fault::Lock,
        "1" if message.starts_with("no such column")
            || message.contains(" has no column named ") =>
        {
            Fault::UndefinedColumn
        }
        "1" if message.starts_with("ambiguous column name") => Fault::AmbiguousColumn,
        "1" if message.starts_with("no such table") => Fault::UndefinedTable,
        // SCHEMA
        "17" => Fault::CachedPlan,
        "1811" if message.starts_with("handover guard") => Fault::Guard,
        // NOTADB
        "26" => Fault::NoDatabase,
        // CONSTRAINT_UNIQUE, CONSTRAINT_PRIMARYKEY, CONSTRAINT_ROWID
        "2067" | "1555" | "2579" => Fault::Unique,
        _ => Fault::Other,
    }
}
