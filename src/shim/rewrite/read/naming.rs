//! Says whether the column names of a query are seen. If they are not, an output needs no alias.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT title FROM posts WHERE author IN (SELECT handle FROM users)
//! -- becomes
//! SELECT title FROM posts WHERE author IN (SELECT "username" FROM users)
//! ```

/// How far anything outside of a query depends on its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// The names are seen: by the application, or by an outer query.
    Seen,
    /// Only the values are used, by position.
    Unseen,
    /// Not even the values are used.
    Exists,
}
