//! Makes handover's tables, and notes what a database need not run.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;

use super::app_migrations::AppMigrations;
use super::baseline_columns::{check_columns, with_table};
use super::error::MigrateError;
use super::further_app;
use super::history::{self, Status};
use super::run_migration::record;
use super::runner::Migrator;
use crate::database::tables;
use crate::database::{Dialect, LockError, RunnerLock, catalog};
use crate::model::{AppName, ChangeRecord, MigrationRecord, Release, Stage, State};
use crate::plan::PlanError;
use crate::releases::Migration;

/// The condition of a database before handover first runs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// It is empty, and every migration is to run on it.
    Unmigrated,
    /// It is empty; the app makes its tables as its present code wants them.
    Fresh {
        /// The app's release.
        version: Release,
    },
    /// Its schema is that of a release.
    Release(Release),
    /// Other apps have made its tables, and no migration of this app has run.
    NoneRun,
}

impl Baseline {
    /// Returns the same for an app with these migrations. The tables of a fresh database are made by the
    /// migrations of sea-orm-migration, if the app has them: so those that are older than a rename make
    /// the column with its former name, and every migration has to run.
    #[must_use]
    pub fn of_app(self, app: &AppMigrations) -> Self {
        match self {
            Self::Fresh { .. } if app.orm.is_some() => Self::NoneRun,
            other => other,
        }
    }
}

/// Makes the handover tables, and notes which migrations the database need not run. Returns the
/// number of migrations that were noted.
///
/// # Errors
/// The files are malformed, the database does not fit the baseline, or another runner is at work.
pub async fn init(migrator: &Migrator<'_>, baseline: &Baseline) -> Result<usize, MigrateError> {
    let baseline = &baseline.clone().of_app(migrator.app);
    let database = migrator.database;
    let status = history::load(database, migrator.own_app()).await?;
    let minimum = migrator.settings.minimum_version.as_ref();
    let way = Way::of(&status);
    if way == Way::Correct {
        refuse_unless_correction(&status, baseline)?;
    }
    let has_tables = catalog::has_tables(database.connection(), database.dialect()).await?;
    check_fits(baseline, has_tables, way, minimum)?;
    let release = match baseline {
        Baseline::Unmigrated | Baseline::NoneRun => None,
        Baseline::Fresh { version } | Baseline::Release(version) => Some(version.clone()),
    };
    let migrations = migrator.releases.load(&|_| None)?;
    let noted = match &release {
        Some(release) => noted(&migrations, baseline, release)?,
        None => Vec::new(),
    };
    let (connection, dialect) = (database.connection(), database.dialect());
    match baseline {
        Baseline::Release(release) => check_columns(connection, dialect, release, &noted).await?,
        // The app makes the tables that are not there; others are shared.
        Baseline::Fresh { version } => {
            let there = with_table(connection, dialect, &noted).await?;
            check_columns(connection, dialect, version, &there).await?;
        }
        Baseline::Unmigrated | Baseline::NoneRun => {}
    }
    let lock = RunnerLock::take(database).await?;
    let ended = note(migrator, baseline, release.as_ref(), &noted, way).await;
    lock.release().await?;
    ended?;
    Ok(noted.len())
}

/// How a database is initialised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It gets handover's tables.
    Create,
    /// Other apps have handover's tables in it; the app is added.
    Join,
    /// The app has been initialised, and its baseline is corrected.
    Correct,
}

impl Way {
    const fn of(status: &Status) -> Self {
        match (&status.metadata, status.other_apps.is_empty()) {
            (Some(_), _) => Self::Correct,
            (None, true) => Self::Create,
            (None, false) => Self::Join,
        }
    }
}

/// A wrong baseline may be corrected as long as nothing has run since.
fn refuse_unless_correction(status: &Status, baseline: &Baseline) -> Result<(), MigrateError> {
    let Some(metadata) = &status.metadata else { return Ok(()) };
    let at = metadata.baseline_version.as_ref();
    let correctable = status.has_run_nothing() && (at.is_some() || !status.empty);
    match baseline {
        Baseline::Release(release) if correctable && at != Some(&release.gating()) => Ok(()),
        Baseline::NoneRun if correctable && at.is_some() && !status.other_apps.is_empty() => Ok(()),
        _ => Err(MigrateError::Initialised { at: metadata.schema_version.clone(), correctable }),
    }
}

/// The migrations that need not run on a database that begins at a release.
fn noted<'m>(
    migrations: &'m [Migration],
    baseline: &Baseline,
    release: &Release,
) -> Result<Vec<&'m Migration>, MigrateError> {
    let reached = |at: &&Migration| at.release.as_ref().is_some_and(|own| release.has_reached(own));
    let changes = |stage| {
        let slugs = migrations.iter().filter(move |at| at.stage() == Some(stage)).filter(reached);
        slugs.map(|migration| migration.slug.as_str()).collect::<HashSet<_>>()
    };
    let (begun, ended) = (changes(Stage::Expand), changes(Stage::Contract));
    let fresh = matches!(baseline, Baseline::Fresh { .. });
    if let Some(open) = begun.difference(&ended).min().filter(|_| !fresh) {
        let reason = format!("change `{open}` is not finished in it");
        return Err(MigrateError::Baseline { release: release.clone(), reason });
    }
    // The app's code makes a table as it is when the table's changes are finished.
    let over = |at: &&Migration| at.stage().is_some() && begun.contains(at.slug.as_str());
    Ok(migrations.iter().filter(|at| reached(at) || over(at)).collect())
}

/// Checks that the baseline is not plainly wrong.
fn check_fits(
    baseline: &Baseline,
    has_tables: bool,
    way: Way,
    minimum: Option<&Release>,
) -> Result<(), MigrateError> {
    let wrong = |release: &Release, reason: String| {
        Err(MigrateError::Baseline { release: release.clone(), reason })
    };
    match baseline {
        Baseline::NoneRun if way != Way::Create => match minimum {
            Some(minimum) => Err(MigrateError::Squashed { minimum: minimum.clone() }),
            None => Ok(()),
        },
        Baseline::Unmigrated | Baseline::NoneRun if has_tables => {
            Err(MigrateError::Unsaid { beside_others: way == Way::Join })
        }
        Baseline::Unmigrated | Baseline::NoneRun => Ok(()),
        Baseline::Fresh { version } if has_tables && way != Way::Join => {
            wrong(version, "it is not fresh: it has tables".to_owned())
        }
        Baseline::Release(release) if !has_tables => wrong(release, "it is empty".to_owned()),
        Baseline::Fresh { version: release } | Baseline::Release(release) => match minimum {
            Some(minimum) if !release.has_reached(minimum) => wrong(
                release,
                format!(
                    "migrations up to {minimum} have been squashed, so it must be at {minimum} or \
                     later"
                ),
            ),
            _ => Ok(()),
        },
    }
}

/// Makes the tables, and notes migrations as done without running them: all or none.
async fn note(
    migrator: &Migrator<'_>,
    baseline: &Baseline,
    release: Option<&Release>,
    noted: &[&Migration],
    way: Way,
) -> Result<(), MigrateError> {
    let (database, dialect) = (migrator.database, migrator.database.dialect());
    let app = migrator.own_app();
    // Somebody may have initialised it, or run something, between the look and the lock.
    let status = history::load(database, app).await?;
    of_another_app(&status, noted)?;
    match way {
        Way::Correct => refuse_unless_correction(&status, baseline)?,
        way if way != Way::of(&status) => return Err(MigrateError::Lock(LockError::Held)),
        Way::Create => {}
        Way::Join => further_app::prepare(migrator).await?,
    }
    let noted = noted.iter().zip(std::iter::repeat(release).flatten());
    // A migration that would run later is noted for the release that the database begins with.
    let noted = noted.map(|(migration, release)| match &migration.release {
        Some(own) if release.has_reached(own) => (*migration, own),
        _ => (*migration, release),
    });
    let transaction = database.begin().await?;
    match way {
        Way::Create => note_in(&transaction, dialect, (app, release), noted).await?,
        Way::Join => {
            if let Some(app) = app {
                tables::remove_app(&transaction, app).await?;
            }
            note_rows(&transaction, dialect, (app, release), &noted.collect::<Vec<_>>()).await?;
            let own = release.map(Release::gating);
            further_app::record(&transaction, migrator, &status.other_apps, own.as_ref()).await?;
        }
        Way::Correct => {
            tables::lock_epoch(&transaction, dialect, true).await?;
            tables::forget_baseline(&transaction, app, status.has_apps()).await?;
            note_rows(&transaction, dialect, (app, release), &noted.collect::<Vec<_>>()).await?;
            let own = release.map(Release::gating);
            tables::correct_baseline(&transaction, dialect, app, own.as_ref()).await?;
            super::steps::crash_point("commit", "baseline");
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Refuses changes that the database records for another app.
fn of_another_app(status: &Status, noted: &[&Migration]) -> Result<(), PlanError> {
    for migration in noted {
        let Some(change) = migration.change() else { continue };
        let recorded = status.changes.iter().find(|record| record.name == change.name);
        if let Some(other) = recorded.filter(|record| record.app != status.app) {
            let (path, change) = (migration.path.clone(), change.name.clone());
            return Err(PlanError::OtherApp { path, change, app: other.app.clone() });
        }
    }
    Ok(())
}

/// Makes the tables, and notes migrations as done in these releases, in the caller's transaction. The app is
/// given with the release whose schema the database has.
pub(super) async fn note_in<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    (app, release): (Option<&AppName>, Option<&Release>),
    noted: impl Iterator<Item = (&Migration, &Release)>,
) -> Result<(), MigrateError> {
    tables::create_record(transaction, dialect, app).await?;
    note_rows(transaction, dialect, (app, release), &noted.collect::<Vec<_>>()).await?;
    super::steps::crash_point("commit", "baseline");
    let own = release.map(Release::gating);
    tables::create_metadata(transaction, dialect, app, own.as_ref()).await?;
    Ok(())
}

/// Notes migrations as done in these releases, and the changes that they complete.
async fn note_rows<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    (app, release): (Option<&AppName>, Option<&Release>),
    noted: &[(&Migration, &Release)],
) -> Result<(), MigrateError> {
    let row =
        |(migration, own): &(&Migration, &Release)| record(migration, own, release.unwrap_or(own));
    let rows: Vec<MigrationRecord> = noted.iter().map(row).collect();
    tables::note_done(transaction, dialect, app, &rows).await?;
    let of_change = |name: &str| {
        let own = noted.iter().filter(move |(at, _)| at.slug == name);
        own.filter_map(|(at, _)| at.stage()).max()
    };
    for (migration, own) in noted.iter().filter(|(at, _)| at.stage() == Some(Stage::Contract)) {
        if let Some(change) = migration.change() {
            let last = of_change(&migration.slug).and_then(|last| change.course().end_of(last));
            let complete = ChangeRecord {
                name: change.name.clone(),
                app: app.cloned(),
                kind: change.kind.clone(),
                expand_release: (*own).clone(),
                state: last.unwrap_or(State::Contracted),
                epoch: 0,
                computed_default: None,
                conversion: None,
            };
            tables::insert_change(transaction, dialect, &complete, "{}").await?;
        }
    }
    Ok(())
}
