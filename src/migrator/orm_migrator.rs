//! The app's migrations of sea-orm-migration, run in one order with handover's own. The table of that
//! crate stays theirs and true, so an app can go back to it on any day.

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbErr};

use super::error::MigrateError;
use crate::database::{Database, catalog, rows};
use crate::model::TableName;
use crate::releases::OrmMigration;

type Next = for<'c> fn(
    &'c DatabaseConnection,
) -> Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'c>>;

/// The app's `Migrator` of sea-orm-migration.
#[derive(Clone)]
pub struct OrmMigrator {
    names: Arc<[String]>,
    /// The table in which it records the migrations that have run.
    table: String,
    /// Runs the first migration that has not run, and records it.
    next: Next,
}

/// A migration of sea-orm-migration on one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrmRecord {
    /// The migration.
    pub migration: OrmMigration,
    /// True if it has run.
    pub applied: bool,
}

impl OrmMigrator {
    /// Wraps the app's `Migrator`.
    #[cfg(feature = "sea-orm-migration")]
    #[must_use]
    pub fn of<M: sea_orm_migration::MigratorTrait + 'static>() -> Self {
        let names = M::migrations().iter().map(|own| own.name().to_owned()).collect();
        Self {
            names,
            table: M::migration_table_name().to_string(),
            next: |connection| Box::pin(async move { M::up(connection, Some(1)).await }),
        }
    }

    /// The table in which it records the migrations that have run.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Reads which migrations have run, in the order of the app's list. Creates nothing.
    ///
    /// # Errors
    /// The database fails, or a migration has run that the app does not have.
    pub async fn records(&self, database: &Database) -> Result<Vec<OrmRecord>, MigrateError> {
        let applied = self.applied(database).await?;
        if let Some(name) = applied.iter().find(|name| !self.names.contains(name)) {
            return Err(MigrateError::OrmMissing { name: name.clone(), table: self.table.clone() });
        }
        let record = |name: &String| OrmRecord {
            migration: OrmMigration::new(name.clone()),
            applied: applied.contains(name),
        };
        Ok(self.names.iter().map(record).collect())
    }

    async fn applied(&self, database: &Database) -> Result<HashSet<String>, MigrateError> {
        let (connection, dialect) = (database.connection(), database.dialect());
        let Ok(table) = self.table.parse::<TableName>() else { return Ok(HashSet::new()) };
        if catalog::columns(connection, dialect, &table).await?.is_none() {
            return Ok(HashSet::new());
        }
        let sql = format!("SELECT version FROM {}", dialect.quote_table(&table));
        let rows = rows(connection, &sql, []).await?;
        let versions = rows.iter().map(|row| row.try_get::<String>("", "version"));
        Ok(versions.collect::<Result<_, _>>()?)
    }

    /// Runs the next migration, which has this name, and checks that the database has recorded it.
    pub(super) async fn run(&self, database: &Database, name: &str) -> Result<(), MigrateError> {
        let failed = |source| MigrateError::Orm { name: name.to_owned(), source };
        (self.next)(database.connection()).await.map_err(failed)?;
        if self.applied(database).await?.contains(name) {
            return Ok(());
        }
        Err(MigrateError::OrmUnrecorded { name: name.to_owned(), table: self.table.clone() })
    }
}

impl fmt::Debug for OrmMigrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { names, table, .. } = self;
        f.debug_struct("OrmMigrator")
            .field("names", names)
            .field("table", table)
            .finish_non_exhaustive()
    }
}
