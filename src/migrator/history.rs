use sea_orm::{ConnectionTrait, DbErr};

use crate::database::tables::{self, BackfillRow, FORMAT_VERSION, Metadata, Record};
use crate::database::{Database, Dialect, Fault, catalog, fault};
use crate::model::{ChangeRecord, MigrationRecord, MigrationStatus, Stage};
use crate::plan::{Fleet, History};

use super::error::MigrateError;

/// Everything that the database records, at one look.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// The metadata; none where the tables have not been made yet.
    pub metadata: Option<Metadata>,
    /// The database has tables, but handover's have not been made yet.
    pub uninitialised: bool,
    /// The migrations that began, in that order.
    pub migrations: Vec<MigrationRecord>,
    /// The changes.
    pub changes: Vec<ChangeRecord>,
    /// The copy that is under way, for each change in the order of `changes`; empty until
    /// [looked at](Self::look_at_copies).
    pub backfills: Vec<Option<BackfillRow>>,
    /// The registered app processes.
    pub fleet: Fleet,
    history: History,
}

impl Status {
    /// Rows that the copy of a change has looked at, by its index among the changes; none where it
    /// has not begun.
    #[must_use]
    pub fn rows_walked(&self, at: usize) -> Option<u64> {
        super::steps::walked(self.backfills.get(at)?.as_ref()?.cursor.as_deref()?)
    }

    /// The history as the plan needs it.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Makes the history now: at a deploy the files are still being read.
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

    /// Looks how far each copy has come.
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

    /// Whether a migration has touched anything. An expand that failed on its first look at the
    /// table has not: its file may be corrected or removed, and there is nothing to undo.
    fn has_begun(&self, row: &MigrationRecord) -> bool {
        row.status != MigrationStatus::Running
            || row.stage != Some(Stage::Expand)
            || self.changes.iter().any(|change| Some(&change.name) == row.change.as_ref())
    }
}

/// Looks at what a run acts on. Runs no DDL; without tables everything is empty.
///
/// # Errors
/// The database fails, or its tables are of a later handover.
pub async fn load(database: &Database) -> Result<Status, MigrateError> {
    let (connection, dialect) = (database.connection(), database.dialect());
    match dialect {
        // To ask first whether there are tables costs as much as to read them. SQLite tells
        // nobody but us that there are none; a server would note an error in its log.
        Dialect::Sqlite => match tables::record(connection, dialect).await {
            Ok(record) => status(record),
            Err(error) if is_of_shape(&error) => {
                without_record(connection, dialect).await?.ok_or_else(|| error.into())
            }
            Err(error) => Err(error.into()),
        },
        Dialect::Postgres | Dialect::Mysql => {
            let transaction = database.begin_reading().await?;
            let found = match without_record(&transaction, dialect).await? {
                Some(status) => Ok(status),
                None => status(tables::record(&transaction, dialect).await?),
            };
            transaction.rollback().await?;
            found
        }
    }
}

/// Whether there are no tables, or others.
fn is_of_shape(error: &DbErr) -> bool {
    matches!(fault(error), Fault::UndefinedTable | Fault::UndefinedColumn)
}

/// The status of a database without a record; nothing where there is one that can be read.
async fn without_record<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Option<Status>, MigrateError> {
    if !tables::exist(connection, dialect).await? {
        let uninitialised = catalog::has_tables(connection, dialect).await?;
        return Ok(Some(Status { uninitialised, ..Status::default() }.with_history()));
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
        migrations,
        changes,
        backfills: Vec::new(),
        fleet: Fleet { instances },
        history: History::default(),
    };
    Ok(status.with_history())
}
