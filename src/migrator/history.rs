//! Reads everything that the database records.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::tables::{self, APPS_FORMAT, BackfillRow, FORMAT_VERSION, Metadata, Record};
use crate::database::{Database, Dialect, Fault, catalog, fault};
use crate::model::{AppName, ChangeRecord, MigrationRecord, MigrationStatus, Stage};
use crate::plan::{Fleet, History};

use super::error::MigrateError;
use super::orm_migrator::OrmRecord;

/// Everything that the database records, read at one time.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// The metadata; `None` if the tables have not been made yet, or the app has not been initialised.
    pub metadata: Option<Metadata>,
    /// True if the database has tables, but handover's have not been made yet, or without the app.
    pub uninitialised: bool,
    /// The app that is asked for; `None` for one without a name.
    pub app: Option<AppName>,
    /// The other apps that migrate the database; `None` for the one without a name.
    pub other_apps: Vec<Option<AppName>>,
    /// True if the database has no table but handover's, and nothing has run on it.
    pub empty: bool,
    /// The migrations of the app that have begun, in that order.
    pub migrations: Vec<MigrationRecord>,
    /// The changes of all apps.
    pub changes: Vec<ChangeRecord>,
    /// The copy that is under way, for each change in the order of `changes`; empty until
    /// [`look_at_copies`](Self::look_at_copies) is called.
    pub backfills: Vec<Option<BackfillRow>>,
    /// The migrations of the app's `Migrator` of sea-orm-migration, in its order; empty without one.
    pub orm: Vec<OrmRecord>,
    /// The registered processes of all apps.
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
        let mut own = self.changes.iter().filter(|change| change.app == self.app);
        own.all(|change| change.epoch == 0)
            && self.migrations.iter().all(|row| {
                // What was noted is older than the record of the baseline.
                row.started_at <= metadata.created_at
                    && metadata.baseline_version.as_ref() == Some(&row.app_version.gating())
            })
    }

    /// Returns true if the database records its apps, because one of them has a name.
    #[must_use]
    pub fn has_apps(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.format_version >= APPS_FORMAT)
    }

    /// Builds the history now: at a deploy, the files are still being read.
    fn with_history(mut self) -> Self {
        self.history = History {
            app: self.app.clone(),
            other_apps: self.other_apps.clone(),
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

/// Reads everything that a run of this app depends on. Runs no DDL; without tables everything is empty.
///
/// # Errors
/// The database fails, or its tables were made by a later handover.
pub async fn load(database: &Database, app: Option<&AppName>) -> Result<Status, MigrateError> {
    let (connection, dialect) = (database.connection(), database.dialect());
    let mut status = read(database, app).await?;
    if status.migrations.is_empty() && status.metadata.is_some() {
        status.empty = !catalog::has_tables(connection, dialect).await?;
    }
    Ok(status)
}

async fn read(database: &Database, app: Option<&AppName>) -> Result<Status, MigrateError> {
    let transaction = database.begin_reading().await?;
    let found = read_within(&transaction, database.dialect(), app).await;
    transaction.rollback().await?;
    found
}

async fn read_within<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    app: Option<&AppName>,
) -> Result<Status, MigrateError> {
    // On SQLite only we see the error if there are no tables; a server would write it to its log.
    let format = if dialect == Dialect::Sqlite || tables::exist(transaction, dialect).await? {
        match tables::format_version(transaction).await {
            Err(error) if fault(&error) == Fault::UndefinedTable => None,
            found => Some(found?.unwrap_or_default()),
        }
    } else {
        None
    };
    match format {
        None => {
            let uninitialised = catalog::has_tables(transaction, dialect).await?;
            let app = app.cloned();
            let status = Status { uninitialised, empty: !uninitialised, app, ..Status::default() };
            Ok(status.with_history())
        }
        Some(found) if found > FORMAT_VERSION => {
            Err(MigrateError::Format { found, known: FORMAT_VERSION })
        }
        Some(format) => Ok(status(tables::read_all(transaction, dialect, app, format).await?, app)),
    }
}

fn status(record: Record, app: Option<&AppName>) -> Status {
    let has_app = record.has(app);
    let Record { metadata, migrations, changes, instances, apps } = record;
    let status = Status {
        metadata: Some(metadata).filter(|_| has_app),
        uninitialised: !has_app,
        empty: false,
        app: app.cloned(),
        other_apps: apps.into_iter().filter(|other| other.as_ref() != app).collect(),
        migrations: if has_app { migrations } else { Vec::new() },
        changes,
        backfills: Vec::new(),
        orm: Vec::new(),
        fleet: Fleet { instances, unaccounted: Vec::new() },
        history: History::default(),
    };
    status.with_history()
}
