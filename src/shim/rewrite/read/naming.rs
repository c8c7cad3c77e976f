//! Whether the column names of a query are seen: those of `SELECT handle FROM users` are, those of
//! `IN (SELECT handle FROM users)` are not.

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
