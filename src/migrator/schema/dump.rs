//! Dumps the schema of a database, with the migrations that it contains.

use std::collections::HashMap;

use super::SchemaError;
use crate::database::dump;
use crate::manifest::{Checksum, DumpedMigration, SchemaDump};
use crate::migrator::error::MigrateError;
use crate::migrator::history::{self, Status};
use crate::migrator::orm_migrator::OrmMigrator;
use crate::migrator::runner::Migrator;
use crate::model::{ChangeRecord, Deploy, MigrationRecord, MigrationStatus};
use crate::releases::{FileKind, file_name};

/// Dumps the schema of the database, with the migrations that it contains. Changes nothing. `url` is
/// the URL of the database: the database's own dump program connects by itself.
///
/// # Errors
/// A change is not finished, somebody migrates meanwhile, or the database or its program fails.
pub async fn dump_schema(migrator: &Migrator<'_>, url: &str) -> Result<SchemaDump, MigrateError> {
    let before = history::load(migrator.database, migrator.own_app()).await?;
    refuse_half(&before)?;
    let sql = dump::schema(migrator.database, url).await.map_err(SchemaError::from)?;
    let (connection, dialect) = (migrator.database.connection(), migrator.database.dialect());
    let orm_table = migrator.app.orm.as_ref().map(OrmMigrator::table);
    let rows = dump::history_rows(connection, dialect, orm_table).await?;
    let sql = [sql.trim_matches('\n'), rows.trim_end()].join("\n");
    let after = history::load(migrator.database, migrator.own_app()).await?;
    if (&before.migrations, &before.changes) != (&after.migrations, &after.changes) {
        return Err(SchemaError::Moved.into());
    }
    let files = migrator.releases.files().iter().filter(|file| file.kind != FileKind::Slot);
    let kinds: HashMap<u64, FileKind> = files.map(|file| (file.id, file.kind)).collect();
    let dumped = before.migrations.iter().map(|row| dumped(row, kinds.get(&row.id).copied()));
    let mut migrations = dumped.collect::<Result<Vec<_>, _>>()?;
    migrations.sort_by(|a, b| (&a.release, a.id).cmp(&(&b.release, b.id)));
    Ok(SchemaDump {
        kind: migrator.database.dialect().kind(),
        release: before.metadata.and_then(|metadata| metadata.schema_version),
        sql: sql.trim_matches('\n').to_owned(),
        migrations,
    })
}

fn refuse_half(status: &Status) -> Result<(), SchemaError> {
    let half = |row: &ChangeRecord| !row.kind.course().is_at_rest(row.state);
    if let Some(row) = status.changes.iter().find(|row| half(row)) {
        let other_app = (row.app != status.app).then(|| row.app.clone());
        return Err(SchemaError::Unfinished {
            change: row.name.clone(),
            other_app,
            state: row.state,
        });
    }
    match status.migrations.iter().find(|row| row.status != MigrationStatus::Done) {
        Some(row) => Err(SchemaError::Running { id: row.id, slug: row.slug.clone() }),
        None => Ok(()),
    }
}

fn dumped(row: &MigrationRecord, kind: Option<FileKind>) -> Result<DumpedMigration, SchemaError> {
    // If plain SQL has lost its file, its time is not known; nothing depends on it any more.
    let kind = kind.unwrap_or(row.stage.map_or(FileKind::Sql(Deploy::Pre), FileKind::Stage));
    let name = file_name(row.id, &row.slug, kind);
    let Some(checksum) = Checksum::from_digits(&row.checksum) else {
        let reason = format!("`{}` is recorded with `{}` for a checksum", name, row.checksum);
        return Err(SchemaError::Content { reason });
    };
    let file = name.split_once('_').map_or(name.as_str(), |(_, rest)| rest).to_owned();
    Ok(DumpedMigration { id: row.id, release: row.release.clone(), checksum, file })
}
