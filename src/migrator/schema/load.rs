//! Makes an empty database from a schema dump.

use std::collections::{HashMap, HashSet};

use super::SchemaError;
use crate::database::{RunnerLock, dump};
use crate::manifest::{DatabaseKind, DumpedMigration, SchemaDump};
use crate::migrator::baseline_columns::check_columns;
use crate::migrator::error::MigrateError;
use crate::migrator::history;
use crate::migrator::init::note_in;
use crate::migrator::runner::Migrator;
use crate::model::{Release, Stage};
use crate::releases::{Migration, Releases};

/// Makes the schema of a dump in an empty database, and notes the migrations that it contains as
/// done. On SQLite and PostgreSQL, in one transaction. Returns the number of migrations.
///
/// # Errors
/// The dump does not fit the database or the files, the database is not empty, or a statement fails.
pub async fn load_schema(
    migrator: &Migrator<'_>,
    dump: &SchemaDump,
) -> Result<usize, MigrateError> {
    let database = migrator.database;
    let minimum = migrator.settings.minimum_version.as_ref();
    check_dump(dump, database.dialect().kind(), migrator.releases, minimum)?;
    let migrations = migrator.releases.load(&|_| None)?;
    let contained = contained(dump, &migrations, minimum)?;
    refuse_unless_empty(migrator).await?;
    let lock = RunnerLock::take(database).await?;
    refuse_unless_empty(migrator).await?;
    let ended = make(migrator, dump, &contained).await;
    lock.release().await?;
    ended?;
    Ok(contained.len())
}

/// Makes the schema and notes its migrations; if the database allows it, both or neither.
async fn make(
    migrator: &Migrator<'_>,
    dump: &SchemaDump,
    contained: &[(&Migration, Release)],
) -> Result<(), MigrateError> {
    let (database, dialect) = (migrator.database, migrator.database.dialect());
    let undone = dialect.rolls_back_ddl();
    let failed = |source| SchemaError::Statement { undone, source };
    if !undone {
        dump::load(database.connection(), dialect, &dump.sql).await.map_err(failed)?;
    }
    let transaction = database.begin().await?;
    if undone {
        dump::load(&transaction, dialect, &dump.sql).await.map_err(failed)?;
    }
    let migrations: Vec<&Migration> = contained.iter().map(|(migration, _)| *migration).collect();
    let release = dump.release.clone().unwrap_or_else(|| Release::new(0, 0, 0));
    let fits = check_columns(&transaction, dialect, &release, &migrations).await;
    fits.map_err(|error| match error {
        MigrateError::Baseline { reason, .. } => SchemaError::Content { reason }.into(),
        error => error,
    })?;
    let noted = contained.iter().map(|(migration, release)| (*migration, release));
    note_in(&transaction, dialect, (migrator.own_app(), dump.release.as_ref()), noted).await?;
    transaction.commit().await?;
    Ok(())
}

/// Checks that a dump is of this kind of database, and that its migrations still have their files.
///
/// # Errors
/// It is not, or they do not.
pub fn check_dump(
    dump: &SchemaDump,
    kind: DatabaseKind,
    releases: &Releases,
    minimum: Option<&Release>,
) -> Result<(), MigrateError> {
    if dump.kind != kind {
        return Err(SchemaError::Kind { dump: dump.kind, database: kind }.into());
    }
    let migrations = releases.load(&|_| None)?;
    let contained = contained(dump, &migrations, minimum)?;
    let ends = contained.iter().filter(|(at, _)| at.stage() == Some(Stage::Contract));
    let over: HashSet<&str> = ends.map(|(at, _)| at.slug.as_str()).collect();
    let open = |at: &Migration| at.stage().is_some() && !over.contains(at.slug.as_str());
    match contained.iter().find(|(migration, _)| open(migration)) {
        Some((open, _)) => {
            let reason = format!("change `{}` is not finished in it", open.slug);
            Err(SchemaError::Content { reason }.into())
        }
        None => Ok(()),
    }
}

/// The files of the migrations that the dump contains, with the releases in the dump. Migrations up
/// to `minimum` may have lost their files, and are left out then.
fn contained<'m>(
    dump: &SchemaDump,
    migrations: &'m [Migration],
    minimum: Option<&Release>,
) -> Result<Vec<(&'m Migration, Release)>, SchemaError> {
    let files: HashMap<u64, &Migration> =
        migrations.iter().map(|migration| (migration.id, migration)).collect();
    let find = |dumped: &DumpedMigration| match files.get(&dumped.id) {
        None if minimum.is_some_and(|minimum| minimum.has_reached(&dumped.release)) => Ok(None),
        None => Err(SchemaError::Missing { id: dumped.id, file: dumped.file.clone() }),
        Some(file) if file.checksum != dumped.checksum => Err(SchemaError::Edited {
            path: file.path.clone(),
            dumped: dumped.checksum.to_string(),
            found: file.checksum.to_string(),
        }),
        Some(file) => Ok(Some((*file, dumped.release.clone()))),
    };
    dump.migrations.iter().filter_map(|dumped| find(dumped).transpose()).collect()
}

async fn refuse_unless_empty(migrator: &Migrator<'_>) -> Result<(), MigrateError> {
    let status = history::load(migrator.database, migrator.own_app()).await?;
    let found = match status.metadata {
        Some(_) => "it is initialised already",
        None if status.uninitialised => "it has tables",
        None => return Ok(()),
    };
    Err(SchemaError::NotEmpty { found }.into())
}
