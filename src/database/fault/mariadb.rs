//! The meaning of the errors of MariaDB.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;

use super::kind::Fault;

/// Classifies an error of MariaDB or MySQL; `None` if it is of another database.
pub(super) fn fault(error: &dyn DatabaseError) -> Option<Fault> {
    error
        .try_downcast_ref::<MySqlDatabaseError>()
        .map(|error| classify(error.number(), error.message()))
}

/// Classifies the error numbers of MariaDB and MySQL; their SQLSTATEs are too coarse.
fn classify(number: u16, message: &str) -> Fault {
    match number {
        // LOCK_WAIT_TIMEOUT, LOCK_DEADLOCK, CHECKREAD (the row has changed since the snapshot),
        // STATEMENT_TIMEOUT, by which handover bounds its waits
        1205 | 1213 | 1020 | 1969 => Fault::Lock,
        1054 => Fault::UndefinedColumn,
        // NON_UNIQ_ERROR
        1052 => Fault::AmbiguousColumn,
        1146 => Fault::UndefinedTable,
        // SIGNAL_EXCEPTION: a trigger of the app may raise it too.
        1644 if message.starts_with("handover guard") => Fault::Guard,
        // TABLE_DEF_CHANGED, NEED_REPREPARE
        1412 | 1615 => Fault::CachedPlan,
        // DUP_ENTRY
        1062 => Fault::Unique,
        _ => Fault::Other,
    }
}
