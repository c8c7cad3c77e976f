use sea_orm::{DatabaseTransaction, DbErr};

use crate::database::tables::{
    self, BackfillRow, ChangeRow, FORMAT_VERSION, Metadata, MigrationRow, MigrationStatus,
};
use crate::database::{Database, Dialect, catalog};
use crate::fleet;
use crate::model::Stage;
use crate::plan::{self, ChangeRecord, Entry, Fleet, History};

use super::error::MigrateError;

/// Everything that the database records, at one look.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// The metadata; none where the tables have not been made yet.
    pub metadata: Option<Metadata>,
    /// The database has tables, but handover's have not been made yet.
    pub unknown: bool,
    /// The migrations that began, in that order.
    pub migrations: Vec<MigrationRow>,
    /// The changes.
    pub changes: Vec<ChangeRow>,
    /// The copy that is under way, for each change in the order of `changes`; empty until
    /// [looked at](Self::look_at_copies).
    pub backfills: Vec<Option<BackfillRow>>,
    /// The registered app processes.
    pub fleet: Fleet,
}

impl Status {
    /// The history as the plan needs it.
    #[must_use]
    pub fn history(&self) -> History {
        History {
            entries: self.migrations.iter().filter(|row| self.has_begun(row)).map(entry).collect(),
            changes: self
                .changes
                .iter()
                .map(|row| ChangeRecord {
                    name: row.name.clone(),
                    rename: row.rename.clone(),
                    state: row.state,
                    epoch: row.epoch,
                })
                .collect(),
            reached: self.metadata.as_ref().and_then(|metadata| metadata.schema_version.clone()),
            baseline: self.metadata.as_ref().and_then(|metadata| metadata.baseline_version.clone()),
            unknown: self.unknown,
        }
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
    fn has_begun(&self, row: &MigrationRow) -> bool {
        row.status != MigrationStatus::Running
            || row.stage != Some(Stage::Expand)
            || self.changes.iter().any(|change| Some(&change.name) == row.change.as_ref())
    }
}

fn entry(row: &MigrationRow) -> Entry {
    Entry {
        id: row.id,
        change: row.change.clone(),
        stage: row.stage,
        slug: row.slug.clone(),
        release: row.release.clone(),
        checksum: row.checksum.clone(),
        app_version: row.app_version.clone(),
        status: match row.status {
            MigrationStatus::Running => plan::Status::Running,
            MigrationStatus::Done => plan::Status::Done,
            MigrationStatus::Undoing => plan::Status::Undoing,
        },
        order: row.run_order,
    }
}

/// Looks at what a run acts on. Runs no DDL; without tables everything is empty.
///
/// One transaction for all of it: a look in between is never half of a change of state on SQLite,
/// and each statement of a pool costs two questions to the connection whether it is still there.
///
/// # Errors
/// The database fails, or its tables are of a later handover.
pub async fn load(database: &Database) -> Result<Status, MigrateError> {
    let transaction = database.begin_reading().await?;
    let status = look(&transaction, database.dialect()).await?;
    transaction.rollback().await?;
    Ok(status)
}

async fn look(connection: &DatabaseTransaction, dialect: Dialect) -> Result<Status, MigrateError> {
    if !tables::exist(connection, dialect).await? {
        let unknown = catalog::has_tables(connection, dialect).await?;
        return Ok(Status { unknown, ..Status::default() });
    }
    let metadata = tables::metadata(connection, dialect).await?;
    if metadata.format_version > FORMAT_VERSION {
        return Err(MigrateError::Format { found: metadata.format_version, known: FORMAT_VERSION });
    }
    Ok(Status {
        metadata: Some(metadata),
        unknown: false,
        migrations: tables::migrations(connection, dialect).await?,
        changes: tables::changes(connection, dialect).await?,
        backfills: Vec::new(),
        fleet: fleet::load(connection, dialect).await?,
    })
}
