//! The migrations that an app registers with its own command.

use super::error::MigrateError;
use super::first_adoption::sessions_without_shim;
use super::functions::Functions;
use super::history::{self, Status};
use super::orm_migrator::OrmMigrator;
use crate::database::Database;
use crate::model::AppName;

/// The migrations of the app that are compiled into it: its Rust functions, and those of
/// sea-orm-migration. They run in one order with the migration files.
#[derive(Debug, Clone, Default)]
pub struct AppMigrations {
    /// The Rust functions.
    pub functions: Functions,
    /// The `Migrator` of sea-orm-migration.
    pub orm: Option<OrmMigrator>,
}

impl AppMigrations {
    /// Registers the app's `Migrator` of sea-orm-migration. Its migrations run before the release is
    /// rolled out, in the order of the times in their names, among handover's own.
    #[cfg(feature = "sea-orm-migration")]
    #[must_use]
    pub fn migrator<M: sea_orm_migration::MigratorTrait + 'static>(self) -> Self {
        Self { orm: Some(OrmMigrator::of::<M>()), ..self }
    }

    /// Registers Rust functions.
    #[must_use]
    pub fn functions(self, functions: Functions) -> Self {
        Self { functions, ..self }
    }

    /// Reads what the database records for an app, of these migrations too. Runs no DDL.
    ///
    /// # Errors
    /// The database fails, its tables were made by a later handover, or it has migrations that the
    /// app does not have.
    pub async fn load(
        &self,
        database: &Database,
        app: Option<&AppName>,
    ) -> Result<Status, MigrateError> {
        let mut status = history::load(database, app).await?;
        if let Some(orm) = &self.orm {
            status.orm = orm.records(database).await?;
        }
        status.fleet.unaccounted = sessions_without_shim(database, &status).await?;
        Ok(status)
    }
}

impl From<Functions> for AppMigrations {
    fn from(functions: Functions) -> Self {
        Self::default().functions(functions)
    }
}
