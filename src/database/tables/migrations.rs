use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::{now_ms, unreadable};
use crate::database::{Dialect, execute, rows};
use crate::model::{ChangeName, Release, Stage};

/// One row of `handover_migrations`: a migration that has begun to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationRow {
    /// The file's id.
    pub id: u64,
    /// The file's name without id, stage and ending.
    pub slug: String,
    /// The change whose stage it is; none for plain SQL.
    pub change: Option<ChangeName>,
    /// The stage; none for plain SQL.
    pub stage: Option<Stage>,
    /// The release that it belongs to.
    pub release: Release,
    /// The checksum of the file when it ran.
    pub checksum: String,
    /// The app's release when it ran.
    pub app_version: Release,
    /// Whether it is finished.
    pub status: MigrationStatus,
    /// Its place in the order in which migrations began.
    pub run_order: i64,
    /// When it began.
    pub started_at: i64,
    /// When it was finished, if it is.
    pub finished_at: Option<i64>,
}

/// How far a migration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MigrationStatus {
    /// Begun; if no runner is at work it was interrupted, and running it again resumes it.
    Running,
    /// Finished.
    Done,
    /// Its rollback has begun and is not finished.
    Undoing,
}

impl MigrationStatus {
    const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Undoing];

    /// The word used in the database and in `--json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Undoing => "undoing",
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is none of the words that handover stores there")]
struct UnknownWord(String);

/// Every migration that has begun, in the order in which they began.
///
/// # Errors
/// The tables are missing, or a stored value is none of the model's.
pub async fn migrations<C: ConnectionTrait>(connection: &C) -> Result<Vec<MigrationRow>, DbErr> {
    let bad = |error| unreadable("handover_migrations", error);
    let word = |word: String| unreadable("handover_migrations", UnknownWord(word));
    let sql = "SELECT id, slug, change_name, stage, release, checksum, app_version, status, \
               run_order, started_at, finished_at FROM handover_migrations ORDER BY run_order";
    let mut found = Vec::new();
    for row in rows(connection, sql, []).await? {
        let change: Option<String> = row.try_get("", "change_name")?;
        let stage: Option<String> = row.try_get("", "stage")?;
        let status: String = row.try_get("", "status")?;
        found.push(MigrationRow {
            id: row.try_get::<i64>("", "id")?.cast_unsigned(),
            slug: row.try_get("", "slug")?,
            change: change
                .map(|name| name.parse().map_err(|error| unreadable("handover_migrations", error)))
                .transpose()?,
            stage: stage
                .map(|text| Stage::from_word(&text).ok_or_else(|| word(text)))
                .transpose()?,
            release: row.try_get::<String>("", "release")?.parse().map_err(bad)?,
            checksum: row.try_get("", "checksum")?,
            app_version: row.try_get::<String>("", "app_version")?.parse().map_err(bad)?,
            status: MigrationStatus::ALL
                .into_iter()
                .find(|known| known.as_str() == status)
                .ok_or_else(|| word(status))?,
            run_order: row.try_get("", "run_order")?,
            started_at: row.try_get("", "started_at")?,
            finished_at: row.try_get("", "finished_at")?,
        });
    }
    Ok(found)
}

/// The checksum of each migration that has run, by id.
#[must_use]
pub fn known_checksums(migrations: &[MigrationRow]) -> HashMap<u64, &str> {
    migrations.iter().map(|row| (row.id, row.checksum.as_str())).collect()
}

/// Notes that a migration begins. One that began before and was interrupted keeps its place and
/// takes the app version of this run.
///
/// # Errors
/// Whatever the database reports.
pub async fn begin_migration<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    row: &MigrationRow,
) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO handover_migrations \
         (id, slug, change_name, stage, release, checksum, app_version, status, run_order, started_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', \
         (SELECT COALESCE(MAX(m.run_order), 0) + 1 FROM handover_migrations m), {}) \
         ON CONFLICT (id) DO UPDATE SET app_version = excluded.app_version, \
         checksum = excluded.checksum, release = excluded.release, status = 'running'",
        now_ms(dialect)
    );
    let values: [Value; 7] = [
        row.id.cast_signed().into(),
        row.slug.as_str().into(),
        row.change.as_ref().map(|name| name.as_str().to_owned()).into(),
        row.stage.map(|stage| stage.as_str().to_owned()).into(),
        row.release.to_string().into(),
        row.checksum.as_str().into(),
        row.app_version.to_string().into(),
    ];
    execute(connection, &sql, values).await?;
    Ok(())
}

/// Notes that a migration is finished.
///
/// # Errors
/// Whatever the database reports.
pub async fn finish_migration<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: u64,
) -> Result<(), DbErr> {
    let sql = format!(
        "UPDATE handover_migrations SET status = 'done', finished_at = {} WHERE id = $1",
        now_ms(dialect)
    );
    execute(connection, &sql, [id.cast_signed().into()]).await?;
    Ok(())
}

/// Sets how far a migration is.
///
/// # Errors
/// Whatever the database reports.
pub async fn set_status<C: ConnectionTrait>(
    connection: &C,
    id: u64,
    status: MigrationStatus,
) -> Result<(), DbErr> {
    let sql = "UPDATE handover_migrations SET status = $2 WHERE id = $1";
    execute(connection, sql, [id.cast_signed().into(), status.as_str().into()]).await?;
    Ok(())
}

/// Forgets a migration that has been undone.
///
/// # Errors
/// Whatever the database reports.
pub async fn remove_migration<C: ConnectionTrait>(connection: &C, id: u64) -> Result<(), DbErr> {
    let sql = "DELETE FROM handover_migrations WHERE id = $1";
    execute(connection, sql, [id.cast_signed().into()]).await?;
    Ok(())
}
