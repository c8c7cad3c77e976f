//! The meaning of the errors of PostgreSQL.

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::PgDatabaseError;

use super::kind::{Fault, GUARD_SQLSTATE};

/// Classifies an error of PostgreSQL; `None` if it is of another database.
pub(super) fn fault(error: &dyn DatabaseError) -> Option<Fault> {
    error.try_downcast_ref::<PgDatabaseError>().map(|error| classify(error.code(), error.message()))
}

/// What PostgreSQL says besides the message; `None` if the error is of another database.
pub(super) fn detail(error: &dyn DatabaseError) -> Option<&str> {
    error.try_downcast_ref::<PgDatabaseError>()?.detail()
}

fn classify(code: &str, message: &str) -> Fault {
    match code {
        // lock_not_available, deadlock_detected
        "55P03" | "40P01" => Fault::Lock,
        "42703" => Fault::UndefinedColumn,
        "42702" => Fault::AmbiguousColumn,
        "42P01" => Fault::UndefinedTable,
        GUARD_SQLSTATE => Fault::Guard,
        "0A000" if message.contains("cached plan") => Fault::CachedPlan,
        "23505" => Fault::Unique,
        // duplicate_prepared_statement, invalid_sql_statement_name
        "42P05" | "26000" => Fault::PreparedStatement,
        _ => Fault::Other,
    }
}
