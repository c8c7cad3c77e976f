//! Makes handover's tables, and notes what a database need not run.

use std::collections::{BTreeMap, HashSet};

use sea_orm::ConnectionTrait;

use super::app_migrations::AppMigrations;
use super::error::MigrateError;
use super::history::{self, Status};
use super::run_migration::record;
use super::runner::Migrator;
use crate::database::tables;
use crate::database::{Dialect, RunnerLock, catalog};
use crate::model::{
    Change, ChangeRecord, ColumnPair, Identifier, MigrationRecord, Release, Stage, State,
};
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
}

impl Baseline {
    /// Returns the same for an app with these migrations. The tables of a fresh database are made by the
    /// migrations of sea-orm-migration, if the app has them: so those that are older than a rename make
    /// the column with its former name, and every migration has to run.
    #[must_use]
    pub fn of_app(self, app: &AppMigrations) -> Self {
        match self {
            Self::Fresh { .. } if app.orm.is_some() => Self::Unmigrated,
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
    let status = history::load(database).await?;
    let minimum = migrator.settings.minimum_version.as_ref();
    let corrects = status.metadata.is_some();
    let has_tables = if corrects {
        refuse_unless_correction(&status, baseline)?;
        catalog::has_tables(database.connection(), database.dialect()).await?
    } else {
        status.uninitialised
    };
    check_fits(baseline, has_tables, minimum)?;
    let release = match baseline {
        Baseline::Unmigrated => None,
        Baseline::Fresh { version } | Baseline::Release(version) => Some(version.clone()),
    };
    let migrations = migrator.releases.load(&|_| None)?;
    let noted = match &release {
        Some(release) => noted(&migrations, baseline, release)?,
        None => Vec::new(),
    };
    if let Baseline::Release(release) = baseline {
        check_columns(database.connection(), database.dialect(), release, &noted).await?;
    }
    let lock = RunnerLock::take(database).await?;
    let ended = note(migrator, baseline, release.as_ref(), &noted, corrects).await;
    lock.release().await?;
    ended?;
    Ok(noted.len())
}

/// A wrong baseline may be corrected as long as nothing has run since.
fn refuse_unless_correction(status: &Status, baseline: &Baseline) -> Result<(), MigrateError> {
    let Some(metadata) = &status.metadata else { return Ok(()) };
    let at = metadata.baseline_version.as_ref();
    let correctable = status.has_run_nothing() && (at.is_some() || !status.empty);
    match baseline {
        Baseline::Release(release) if correctable && at != Some(&release.gating()) => Ok(()),
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
    minimum: Option<&Release>,
) -> Result<(), MigrateError> {
    let wrong = |release: &Release, reason: String| {
        Err(MigrateError::Baseline { release: release.clone(), reason })
    };
    match baseline {
        Baseline::Unmigrated if has_tables => Err(MigrateError::Unsaid),
        Baseline::Unmigrated => Ok(()),
        Baseline::Fresh { version } if has_tables => {
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
    corrects: bool,
) -> Result<(), MigrateError> {
    let (database, dialect) = (migrator.database, migrator.database.dialect());
    if corrects {
        // Nobody has run anything between the look and the lock.
        refuse_unless_correction(&history::load(database).await?, baseline)?;
    }
    let noted = noted.iter().zip(std::iter::repeat(release).flatten());
    // A migration that would run later is noted for the release that the database begins with.
    let noted = noted.map(|(migration, release)| match &migration.release {
        Some(own) if release.has_reached(own) => (*migration, own),
        _ => (*migration, release),
    });
    let transaction = database.begin().await?;
    if corrects {
        tables::lock_epoch(&transaction, dialect, true).await?;
        tables::forget_baseline(&transaction).await?;
        note_rows(&transaction, dialect, release, &noted.collect::<Vec<_>>()).await?;
        let own = release.map(Release::gating);
        tables::correct_baseline(&transaction, dialect, own.as_ref()).await?;
        super::steps::crash_point("commit", "baseline");
    } else {
        note_in(&transaction, dialect, release, noted).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Makes the tables, and notes migrations as done in these releases, in the caller's transaction.
pub(super) async fn note_in<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    release: Option<&Release>,
    noted: impl Iterator<Item = (&Migration, &Release)>,
) -> Result<(), MigrateError> {
    tables::create_record(transaction, dialect).await?;
    note_rows(transaction, dialect, release, &noted.collect::<Vec<_>>()).await?;
    super::steps::crash_point("commit", "baseline");
    tables::create_metadata(transaction, dialect, release.map(Release::gating).as_ref()).await?;
    Ok(())
}

/// Notes migrations as done in these releases, and the changes that they complete.
async fn note_rows<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    release: Option<&Release>,
    noted: &[(&Migration, &Release)],
) -> Result<(), MigrateError> {
    let row =
        |(migration, own): &(&Migration, &Release)| record(migration, own, release.unwrap_or(own));
    let rows: Vec<MigrationRecord> = noted.iter().map(row).collect();
    tables::note_done(transaction, dialect, &rows).await?;
    let of_change = |name: &str| {
        let own = noted.iter().filter(move |(at, _)| at.slug == name);
        own.filter_map(|(at, _)| at.stage()).max()
    };
    for (migration, own) in noted.iter().filter(|(at, _)| at.stage() == Some(Stage::Contract)) {
        if let Some(change) = migration.change() {
            let last = of_change(&migration.slug).and_then(|last| change.course().end_of(last));
            let complete = ChangeRecord {
                name: change.name.clone(),
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

/// Checks that a database that is past a rename has `to` and no `from`, unless a later one made it. A
/// column that was dropped may be there under its second name, or not at all.
pub(super) async fn check_columns<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    release: &Release,
    noted: &[&Migration],
) -> Result<(), MigrateError> {
    let contracts = noted.iter().filter(|at| at.stage() == Some(Stage::Contract));
    let mut tables: BTreeMap<String, Vec<&Change>> = BTreeMap::new();
    // After a change that keeps the name, the names tell nothing.
    let changes = contracts.filter_map(|at| at.change());
    for change in changes.filter(|change| !change.course().keeps_name) {
        tables.entry(change.columns().table.to_string()).or_default().push(change);
    }
    for renames in tables.values() {
        let Some(table) = renames.first().map(|change| &change.columns().table) else { continue };
        let columns = catalog::columns(connection, dialect, table).await?;
        let (_, columns) = columns.unwrap_or_default();
        check_table(dialect, release, renames, &columns)?;
    }
    Ok(())
}

fn check_table(
    dialect: Dialect,
    release: &Release,
    changes: &[&Change],
    columns: &[String],
) -> Result<(), MigrateError> {
    let has =
        |name: &Identifier| columns.iter().any(|column| dialect.same_column(column, name.as_str()));
    for (at, change) in changes.iter().enumerate() {
        let later = |column: fn(&ColumnPair) -> &Identifier, name: &Identifier| {
            let mut later = changes[at + 1..].iter();
            later.any(|next| dialect.same_column(column(next.columns()).as_str(), name.as_str()))
        };
        let ColumnPair { table, from, to } = change.columns();
        let drops = change.course().drops;
        let moved_on = later(|next| &next.from, to);
        let made_again = later(|next| &next.to, from);
        if (drops || moved_on || has(to)) && (made_again || !has(from)) {
            continue;
        }
        let wanted = if drops { String::new() } else { format!("a column `{to}` and ") };
        return Err(MigrateError::Baseline {
            release: release.clone(),
            reason: format!("table `{table}` should have {wanted}none called `{from}`"),
        });
    }
    Ok(())
}
