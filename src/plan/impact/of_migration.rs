//! The effects of a migration, whatever its body is.

use super::{Impact, change, sql};
use crate::database::Dialect;
use crate::releases::{Body, Migration};

impl Impact {
    /// Describes the effects of a migration on a kind of database, as far as its file shows them.
    /// Without a dialect, describes the most that it does on any kind.
    #[must_use]
    pub fn of(migration: &Migration, dialect: Option<Dialect>) -> Self {
        let effects = match &migration.body {
            Body::Stage { change, stage } => vec![change::effect(change, *stage, dialect)],
            Body::Sql { text } => sql::effects(text, dialect, migration.deploy),
            Body::Rust => vec![sql::unknown("runs a Rust function of the app")],
            Body::Orm => vec![sql::unknown("runs a migration of sea-orm-migration")],
            Body::Unparsed { .. } => Vec::new(),
        };
        Self { effects }
    }
}
