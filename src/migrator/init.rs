use super::error::MigrateError;
use super::history;
use super::runner::Migrator;
use crate::database::catalog;
use crate::database::tables::{self, MigrationRow, MigrationStatus};
use crate::database::{Dialect, RunnerLock};
use crate::model::{Release, Stage, State};
use crate::releases::Migration;

/// What a database is when handover first meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// Whatever it is, no migration of the project has run on it yet.
    Unmigrated,
    /// It is empty; the app makes its tables as its present code wants them.
    Fresh {
        /// The app's release.
        version: Release,
    },
    /// Its schema is that of a release.
    Release(Release),
}

/// Makes the handover tables and notes which migrations the database need not run. How many were
/// noted; nothing is changed where the tables are there already and `baseline` says no more.
///
/// # Errors
/// The files are malformed, the database is not what was said, or another runner is at work.
pub async fn init(migrator: &Migrator<'_>, baseline: &Baseline) -> Result<usize, MigrateError> {
    let database = migrator.database;
    let status = history::load(database).await?;
    let release = match baseline {
        Baseline::Unmigrated => None,
        Baseline::Fresh { version } | Baseline::Release(version) => Some(version.clone()),
    };
    let wrong = |reason: &str| MigrateError::Baseline {
        release: release.clone().unwrap_or_else(|| Release::new(0, 0, 0)),
        reason: reason.to_owned(),
    };
    if let Some(release) = &release
        && !status.migrations.is_empty()
    {
        return Err(MigrateError::Migrated { release: release.clone() });
    }
    if matches!(baseline, Baseline::Fresh { .. })
        && catalog::has_tables(database.connection(), database.dialect()).await?
    {
        return Err(wrong("it is not fresh: it has tables"));
    }
    let migrations = migrator.releases.load(&|_| None)?;
    let reached = |migration: &&Migration| match (&release, &migration.release) {
        (Some(release), Some(own)) => release.has_reached(own),
        _ => false,
    };
    let noted: Vec<&Migration> = migrations.iter().filter(reached).collect();
    let lock = RunnerLock::take(database).await?;
    migrator.create_tables().await?;
    if let Some(release) = &release {
        note(migrator, baseline, release, &noted).await?;
    }
    lock.release().await?;
    Ok(noted.len())
}

/// Notes migrations as done without running them, all or none.
async fn note(
    migrator: &Migrator<'_>,
    baseline: &Baseline,
    release: &Release,
    noted: &[&Migration],
) -> Result<(), MigrateError> {
    let database = migrator.database;
    let dialect = database.dialect();
    let transaction = database.begin().await?;
    for migration in noted {
        let own = migration.release.clone().unwrap_or_else(|| release.clone());
        let row = MigrationRow {
            id: migration.id,
            slug: migration.slug.clone(),
            change: migration.change().map(|change| change.name.clone()),
            stage: migration.stage(),
            release: own.clone(),
            checksum: migration.checksum.as_str().to_owned(),
            app_version: release.clone(),
            status: MigrationStatus::Done,
            run_order: 0,
            started_at: 0,
            finished_at: None,
        };
        tables::begin_migration(&transaction, dialect, &row).await?;
        tables::finish_migration(&transaction, dialect, row.id).await?;
        let Some(change) = migration.change() else { continue };
        let rename = change.rename();
        tables::insert_change(&transaction, dialect, &change.name, rename, &own, "{}", None)
            .await?;
        if migration.stage() != Some(Stage::Contract) {
            continue;
        }
        if *baseline == Baseline::Release(release.clone()) {
            check_contracted(&transaction, dialect, release, rename).await?;
        }
        let seen = tables::change(&transaction, dialect, &change.name).await?;
        if let Some(seen) = seen
            && let Err(fenced) = tables::publish(&transaction, &seen, State::Contracted).await?
        {
            return Err(MigrateError::Baseline {
                release: release.clone(),
                reason: fenced.to_string(),
            });
        }
    }
    for migration in noted {
        let finished = |stage| {
            noted.iter().any(|other| other.slug == migration.slug && other.stage() == Some(stage))
        };
        if migration.change().is_some() && !finished(Stage::Contract) {
            return Err(MigrateError::Baseline {
                release: release.clone(),
                reason: format!("change `{}` is not finished in it", migration.slug),
            });
        }
    }
    tables::set_schema_version(&transaction, Some(release)).await?;
    transaction.commit().await?;
    Ok(())
}

/// A database that is past a rename has `to` and no `from`.
async fn check_contracted<C: sea_orm::ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    release: &Release,
    rename: &crate::model::Rename,
) -> Result<(), MigrateError> {
    let columns = catalog::columns(transaction, dialect, &rename.table).await?;
    let (_, columns) = columns.unwrap_or_default();
    let has = |name: &str| columns.iter().any(|column| dialect.same_column(column, name));
    if has(rename.to.as_str()) && !has(rename.from.as_str()) {
        return Ok(());
    }
    Err(MigrateError::Baseline {
        release: release.clone(),
        reason: format!(
            "table `{}` should have a column `{}` and none called `{}`",
            rename.table, rename.to, rename.from
        ),
    })
}
