//! The kinds of errors that handover acts on.

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
    /// A prepared statement is not in this session, or another client's is: a proxy passes sessions from one
    /// client to the next without them.
    PreparedStatement,
    /// A unique index refused the row.
    Unique,
    /// The file can be opened but is not an SQLite database.
    NoDatabase,
    /// Anything else.
    Other,
}
