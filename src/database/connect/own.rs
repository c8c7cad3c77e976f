//! A database that handover has connected to by itself.

use std::path::PathBuf;

use sea_orm::DatabaseConnection;

use crate::database::{Database, Dialect};

impl Database {
    /// Puts together a database that handover has connected to by itself.
    pub(super) const fn own(
        connection: DatabaseConnection,
        dialect: Dialect,
        file: Option<PathBuf>,
    ) -> Self {
        Self { connection, dialect, file, shared: false }
    }
}
