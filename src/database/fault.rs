use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

/// The SQLSTATE that the guard raises on PostgreSQL; no class of the SQL standard begins with HO.
pub const GUARD_SQLSTATE: &str = "HO001";

/// The kinds of database errors that handover acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A lock was not obtained in time, or a deadlock was broken: trying again may succeed.
    Lock,
    /// The statement names a column that does not exist.
    UndefinedColumn,
    /// The statement has a bare name that more than one of its tables has.
    AmbiguousColumn,
    /// The statement names a table that does not exist.
    UndefinedTable,
    /// The guard refused a write that sets only one of the two columns.
    Guard,
    /// The result of a prepared statement has changed its columns.
    CachedPlan,
    /// A unique index refused the row.
    Unique,
    /// The file can be opened but is not an SQLite database.
    NoDatabase,
    /// Anything else.
    Other,
}

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
    let sqlx::Error::Database(database) = error else {
        return Fault::Other;
    };
    let code = database.code().unwrap_or_default();
    if database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        postgres(&code, database.message())
    } else if let Some(error) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        mysql(error.number(), error.message())
    } else {
        sqlite(&code, database.message())
    }
}

fn postgres(code: &str, message: &str) -> Fault {
    match code {
        // lock_not_available, deadlock_detected
        "55P03" | "40P01" => Fault::Lock,
        "42703" => Fault::UndefinedColumn,
        "42702" => Fault::AmbiguousColumn,
        "42P01" => Fault::UndefinedTable,
        GUARD_SQLSTATE => Fault::Guard,
        "0A000" if message.contains("cached plan") => Fault::CachedPlan,
        "23505" => Fault::Unique,
        _ => Fault::Other,
    }
}

/// Classifies the error numbers of MariaDB and MySQL; their SQLSTATEs are too coarse.
fn mysql(number: u16, message: &str) -> Fault {
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

/// Classifies SQLite's extended result codes; an unknown column has only the generic code 1 and a
/// message.
fn sqlite(code: &str, message: &str) -> Fault {
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
