//! `handover_migrations`: the migrations that began, and how far they are.

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::upsert::overwrite;
use super::{now_ms, unreadable};
use crate::database::{Dialect, execute, table};
use crate::model::{MigrationRecord, MigrationStatus, Release, Stage};

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a word that handover stores there")]
struct UnknownWord(String);

pub(super) const TABLE: &str = "handover_migrations";

pub(super) const COLUMNS: &str = "id, slug, change_name, stage, \"release\", checksum, app_version, status, \
                       run_order, started_at, finished_at";

/// The stored values of `COLUMNS`.
pub(super) type Stored = (
    i64,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    String,
    i64,
    i64,
    Option<i64>,
);

/// The condition for the row of a migration that may begin.
const OPEN: &str = "handover_migrations.status <> 'done'";

/// Reads every migration that has begun, in the order in which they began.
///
/// # Errors
/// The tables are missing, or a stored value is not valid.
pub async fn migrations<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<MigrationRecord>, DbErr> {
    read(table(connection, dialect, COLUMNS, TABLE).await?)
}

pub(super) fn read(stored: Vec<Stored>) -> Result<Vec<MigrationRecord>, DbErr> {
    let mut found = stored.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|row| row.run_order);
    Ok(found)
}

fn row(stored: Stored) -> Result<MigrationRecord, DbErr> {
    let (
        id,
        slug,
        change,
        stage,
        own,
        checksum,
        app_version,
        status,
        run_order,
        started_at,
        finished_at,
    ) = stored;
    let release = |text: &str| text.parse::<Release>().map_err(|error| unreadable(TABLE, error));
    let word = |word: String| unreadable(TABLE, UnknownWord(word));
    let change = change.map(|name| name.parse()).transpose();
    let stage = stage.map(|text| Stage::from_word(&text).ok_or_else(|| word(text)));
    Ok(MigrationRecord {
        id: id.cast_unsigned(),
        slug,
        change: change.map_err(|error| unreadable(TABLE, error))?,
        stage: stage.transpose()?,
        release: release(&own)?,
        checksum,
        app_version: release(&app_version)?,
        status: MigrationStatus::from_word(&status).ok_or_else(|| word(status))?,
        run_order,
        started_at,
        finished_at,
    })
}

/// Records that a migration begins. A migration that was interrupted keeps its place in the order
/// and gets the app version of this run. Returns false if it is done already and the database shows
/// that. MariaDB does not show it, but there the runner's lock is lost only together with the
/// session that runs this.
///
/// # Errors
/// The database reports an error.
pub async fn begin_migration<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    row: &MigrationRecord,
) -> Result<bool, DbErr> {
    let sql = format!(
        "INSERT INTO handover_migrations \
         (id, slug, change_name, stage, \"release\", checksum, app_version, status, run_order, started_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', \
         (SELECT last.n FROM (SELECT COALESCE(MAX(run_order), 0) + 1 AS n \
         FROM handover_migrations) AS last), {}) {}",
        now_ms(dialect),
        overwrite(dialect, "id", &["app_version", "checksum", "\"release\"", "status"], Some(OPEN))
    );
    let affected = execute(connection, &sql, begun(row)).await?;
    Ok(affected > 0 || dialect == Dialect::MariaDb)
}

/// The values of a migration that begins.
fn begun(row: &MigrationRecord) -> [Value; 7] {
    [
        row.id.cast_signed().into(),
        row.slug.as_str().into(),
        row.change.as_ref().map(|name| name.as_str().to_owned()).into(),
        row.stage.map(|stage| stage.as_str().to_owned()).into(),
        row.release.to_string().into(),
        row.checksum.as_str().into(),
        row.app_version.to_string().into(),
    ]
}

/// Records, in a database without records, migrations that need not run there, in order.
///
/// # Errors
/// The database reports an error.
pub async fn note_done<'r, C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    rows: impl IntoIterator<Item = &'r MigrationRecord>,
) -> Result<(), DbErr> {
    // The order is given as a value: with many migrations, looking for the highest one each time
    // takes minutes.
    let sql = format!(
        "INSERT INTO handover_migrations (id, slug, change_name, stage, \"release\", checksum, \
         app_version, status, run_order, started_at, finished_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'done', $8, {now}, {now})",
        now = now_ms(dialect)
    );
    for (row, order) in rows.into_iter().zip(1_i64..) {
        let values = begun(row).into_iter().chain([order.into()]);
        execute(connection, &sql, values).await?;
    }
    Ok(())
}

/// Records that a migration has finished.
///
/// # Errors
/// The database reports an error.
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

/// Sets the status of a migration.
///
/// # Errors
/// The database reports an error.
pub async fn set_status<C: ConnectionTrait>(
    connection: &C,
    id: u64,
    status: MigrationStatus,
) -> Result<(), DbErr> {
    let sql = "UPDATE handover_migrations SET status = $2 WHERE id = $1";
    execute(connection, sql, [id.cast_signed().into(), status.as_str().into()]).await?;
    Ok(())
}

/// Removes the record of a migration that has been undone.
///
/// # Errors
/// The database reports an error.
pub async fn remove_migration<C: ConnectionTrait>(connection: &C, id: u64) -> Result<(), DbErr> {
    let sql = "DELETE FROM handover_migrations WHERE id = $1";
    execute(connection, sql, [id.cast_signed().into()]).await?;
    Ok(())
}

/// Notes that a migration is no longer finished, because its rollback changes something.
///
/// # Errors
/// The database reports an error.
pub async fn unfinish_migration<C: ConnectionTrait>(connection: &C, id: u64) -> Result<(), DbErr> {
    let sql = "UPDATE handover_migrations SET finished_at = NULL WHERE id = $1";
    execute(connection, sql, [id.cast_signed().into()]).await?;
    Ok(())
}
