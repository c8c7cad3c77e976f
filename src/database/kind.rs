//! The kind of schema dump that a dialect has.

use super::Dialect;
use crate::manifest::DatabaseKind;

impl Dialect {
    /// The kind of schema dump that has this dialect.
    #[must_use]
    pub const fn kind(self) -> DatabaseKind {
        match self {
            Self::Sqlite => DatabaseKind::Sqlite,
            Self::Postgres => DatabaseKind::Postgres,
            Self::MariaDb => DatabaseKind::Mariadb,
        }
    }
}
