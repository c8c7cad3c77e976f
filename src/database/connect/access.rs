//! Whether a command reads or writes.

/// The access to the database that a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read only: no file is created, nothing is written.
    Read,
    /// Migrate; an SQLite file is created if the URL allows it.
    Write,
}
