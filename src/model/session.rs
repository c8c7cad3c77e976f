//! A session of a database server, as another session sees it.

use std::fmt;

use super::Client;

/// A session that is connected to the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who opened it, and when.
    pub client: Client,
    /// Its process on PostgreSQL, its connection on MariaDB.
    pub pid: i64,
    /// `application_name` on PostgreSQL; else empty.
    pub application: String,
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Client { role, address, .. } = &self.client;
        write!(f, "{role}@{address} (pid {}", self.pid)?;
        if !self.application.is_empty() {
            write!(f, ", {}", self.application)?;
        }
        f.write_str(")")
    }
}
