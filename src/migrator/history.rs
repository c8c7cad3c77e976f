//! Reads everything that the database records.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::tables::{self, BackfillRow, FORMAT_VERSION, Metadata, Record};
use crate::database::{Database, Dialect, Fault, catalog, fault};
use crate::model::{ChangeRecord, MigrationRecord, MigrationStatus, Stage};
use crate::plan::{Fleet, History};

use super::error::MigrateError;
use super::orm_migrator::OrmRecord;

/// Everything that the database records, read at one time.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// The metadata; `None` if the tables have not been made yet.
    pub metadata: Option<Metadata>,
    /// True if the database has tables, but handover's have not been made yet.
    pub uninitialised: bool,
    /// True if the database has no table but handover's, and nothing has run on it.
    pub empty: bool,
    /// The migrations that have begun, in that order.
    pub migrations: Vec<MigrationRecord>,
    /// The changes.
    pub changes: Vec<ChangeRecord>,
    /// The copy that is under way, for each change in the order of `changes`; empty until
    /// [`look_at_copies`](Self::look_at_copies) is called.
    pub backfills: Vec<Option<BackfillRow>>,
    /// The migrations of the app's `Migrator` of sea-orm-migration, in its order; empty without one.
    pub orm: Vec<OrmRecord>,
    /// The registered app processes.
    pub fleet: Fleet,
    history: History,
}

impl Status {
    /// Rows that the copy of a change has looked at, by its index among the changes; `None` if the
    /// copy has not begun.
    #[must_use]
    pub fn rows_walked(&self, at: usize) -> Option<u64> {
        super::steps::walked(self.backfills.get(at)?.as_ref()?.cursor.as_deref()?)
    }

    /// The history as the plan needs it.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Returns true if no migration has run on the database: what is recorded was noted when it was
    /// initialised, for the release that was given.
    #[must_use]
    pub fn has_run_nothing(&self) -> bool {
        let Some(metadata) = &self.metadata else { return true };
        self.changes.iter().all(|change| change.epoch == 0)
            && self.migrations.iter().all(|row| {
                // What was noted is older than the record of the baseline.
                row.started_at <= metadata.created_at
                    && metadata.baseline_version.as_ref() == Some(&row.app_version.gating())
            })
    }

    /// Builds the history now: at a deploy, the files are still being read.
    fn with_history(mut self) -> Self {
        self.history = History {
            migrations: self
                .migrations
                .iter()
                .filter(|record| self.has_begun(record))
                .cloned()
                .collect(),
            changes: self.changes.clone(),
            reached: self.metadata.as_ref().and_then(|metadata| metadata.schema_version.clone()),
            baseline: self.metadata.as_ref().and_then(|metadata| metadata.baseline_version.clone()),
            uninitialised: self.uninitialised,
        };
        self
    }

    /// Reads how far each copy has come.
    ///
    /// # Errors
    /// The database fails.
    pub async fn look_at_copies(&mut self, database: &Database) -> Result<(), MigrateError> {
        self.backfills.clear();
        for change in &self.changes {
            let row: Result<_, DbErr> = tables::backfill(database.connection(), &change.name).await;
            self.backfills.push(row?);
        }
        Ok(())
    }

    /// Returns true if the migration has changed anything. An expand that failed on its first look at
    /// the table has not: its file may be corrected or removed, and there is nothing to undo.
    fn has_begun(&self, row: &MigrationRecord) -> bool {
        row.status != MigrationStatus::Running
            || row.stage != Some(Stage::Expand)
            || self.changes.iter().any(|change| Some(&change.name) == row.change.as_ref())
    }
}

/// Reads everything that a run depends on. Runs no DDL; without tables everything is empty.
///
/// # Errors
/// The database fails, or its tables were made by a later handover.
pub async fn load(database: &Database) -> Result<Status, MigrateError> {
    let (connection, dialect) = (database.connection(), database.dialect());
    let mut status = read(database).await?;
    if status.migrations.is_empty() && status.metadata.is_some() {
        status.empty = !catalog::has_tables(connection, dialect).await?;
    }
    Ok(status)
}

async fn read(database: &Database) -> Result<Status, MigrateError> {
    let (connection, dialect) = (database.connection(), database.dialect());
    match dialect {
        // Asking first whether there are tables costs as much as reading them. On SQLite only we see
        // the error if there are none; a server would write it to its log.
        Dialect::Sqlite => match tables::read_all(connection, dialect).await {
            Ok(record) => status(record),
            Err(error) if is_of_shape(&error) => {
                without_record(connection, dialect).await?.ok_or_else(|| error.into())
            }
            Err(error) => Err(error.into()),
        },
        Dialect::Postgres | Dialect::MariaDb => {
            let transaction = database.begin_reading().await?;
            let found = match without_record(&transaction, dialect).await? {
                Some(status) => Ok(status),
                None => status(tables::read_all(&transaction, dialect).await?),
            };
            transaction.rollback().await?;
            found
        }
    }
}

/// Returns true if tables are missing, or have other columns.
fn is_of_shape(error: &DbErr) -> bool {
    matches!(fault(error), Fault::UndefinedTable | Fault::UndefinedColumn)
}

/// The status of a database without a record; `None` if there is one that can be read.
async fn without_record<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Option<Status>, MigrateError> {
    if !tables::exist(connection, dialect).await? {
        let uninitialised = catalog::has_tables(connection, dialect).await?;
        let status = Status { uninitialised, empty: !uninitialised, ..Status::default() };
        return Ok(Some(status.with_history()));
    }
    match tables::format_version(connection).await? {
        Some(found) if found > FORMAT_VERSION => {
            Err(MigrateError::Format { found, known: FORMAT_VERSION })
        }
        _ => Ok(None),
    }
}

fn status(record: Record) -> Result<Status, MigrateError> {
    let Record { metadata, migrations, changes, instances } = record;
    let found = metadata.format_version;
    if found > FORMAT_VERSION {
        return Err(MigrateError::Format { found, known: FORMAT_VERSION });
    }
    let status = Status {
        metadata: Some(metadata),
        uninitialised: false,
        empty: false,
        migrations,
        changes,
        backfills: Vec::new(),
        orm: Vec::new(),
        fleet: Fleet { instances, unaccounted: Vec::new() },
        history: History::default(),
    };
    Ok(status.with_history())
}
