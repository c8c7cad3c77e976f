//! `handover_migrations` and `handover_app_migrations`: the migrations of an app that began, and how far
//! they are. The former table is that of an app without a name, so a database of one app has no other.

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::column_types::Columns;
use super::upsert::overwrite;
use super::{now_ms, unreadable};
use crate::database::query::{packed, unpacked};
use crate::database::{Dialect, execute, row as first_row, rows};
use crate::model::{AppName, MigrationRecord, MigrationStatus, Release, Stage};

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a word that handover stores there")]
struct UnknownWord(String);

const TABLE: &str = "handover_migrations";

/// The migrations of the apps that have a name.
pub(super) const APP_TABLE: &str = "handover_app_migrations";

/// The table with the migrations of an app.
const fn table_of(app: Option<&AppName>) -> &'static str {
    if app.is_some() { APP_TABLE } else { TABLE }
}

/// Adds the columns besides the key.
pub(super) fn columns(is: Columns, table: &mut TableCreateStatement) -> TableCreateStatement {
    table
        .col(is.text("slug"))
        .col(is.optional_text("change_name"))
        .col(is.optional_text("stage"))
        .col(is.text("release"))
        .col(is.text("checksum"))
        .col(is.text("app_version"))
        .col(is.text("status"))
        .col(Columns::number("run_order"))
        .col(Columns::number("started_at"))
        .col(Columns::optional_number("finished_at"))
        .take()
}

const COLUMNS: &str = "id, slug, change_name, stage, \"release\", checksum, app_version, status, \
                       run_order, started_at, finished_at";

/// The stored values of `COLUMNS`.
type Stored = (
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

/// Reads every migration of an app that has begun, in the order in which they began.
///
/// # Errors
/// The tables are missing, or a stored value is not valid.
pub async fn migrations<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
) -> Result<Vec<MigrationRecord>, DbErr> {
    if dialect == Dialect::MariaDb {
        let sql = format!(
            "SELECT CAST(json_array({COLUMNS}) AS char) FROM {}{}",
            table_of(app),
            if app.is_some() { " WHERE app = $1" } else { "" }
        );
        let found = rows(connection, &sql, app.map(value)).await?;
        let texts = found.iter().map(|row| row.try_get_by_index::<String>(0));
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        return read(&format!("[{}]", texts.join(",")), app);
    }
    let found = first_row(connection, &packed_migrations(dialect, app), app.map(value)).await?;
    let text: Option<String> = found.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    read(text.as_deref().unwrap_or("[]"), app)
}

/// The query that packs every migration of an app into one text. If the app has a name, it is the first
/// value of the statement.
pub(super) fn packed_migrations(dialect: Dialect, app: Option<&AppName>) -> String {
    match app {
        None => packed(dialect, COLUMNS, TABLE),
        Some(_) => packed(dialect, COLUMNS, &format!("{APP_TABLE} WHERE app = $1")),
    }
}

/// Reads the result of [`packed_migrations`].
pub(super) fn read(json: &str, app: Option<&AppName>) -> Result<Vec<MigrationRecord>, DbErr> {
    let stored: Vec<Stored> = unpacked(Some(json), table_of(app))?;
    let mut found = stored.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|row| row.run_order);
    Ok(found)
}

/// The value for the name of an app.
pub(super) fn value(app: &AppName) -> Value {
    app.as_str().into()
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
    app: Option<&AppName>,
    row: &MigrationRecord,
) -> Result<bool, DbErr> {
    let table = table_of(app);
    let (column, given, own, key) = match app {
        None => ("", "", "", "id"),
        Some(_) => (", app", ", $8", " WHERE app = $8", "app, id"),
    };
    let open = format!("{table}.status <> 'done'");
    let sql = format!(
        "INSERT INTO {table} (id, slug, change_name, stage, \"release\", checksum, app_version, \
         status, run_order, started_at{column}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', \
         (SELECT last.n FROM (SELECT COALESCE(MAX(run_order), 0) + 1 AS n \
         FROM {table}{own}) AS last), {}{given}) {}",
        now_ms(dialect),
        overwrite(dialect, key, &["app_version", "checksum", "\"release\"", "status"], Some(&open))
    );
    let values = begun(row).into_iter().chain(app.map(value));
    let affected = execute(connection, &sql, values).await?;
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

/// Records, for an app without records, migrations that need not run, in order.
///
/// # Errors
/// The database reports an error.
pub async fn note_done<'r, C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    rows: impl IntoIterator<Item = &'r MigrationRecord>,
) -> Result<(), DbErr> {
    let (column, given) = if app.is_some() { (", app", ", $9") } else { ("", "") };
    // The order is given as a value: with many migrations, looking for the highest one each time
    // takes minutes.
    let sql = format!(
        "INSERT INTO {table} (id, slug, change_name, stage, \"release\", checksum, app_version, \
         status, run_order, started_at, finished_at{column}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'done', $8, {now}, {now}{given})",
        table = table_of(app),
        now = now_ms(dialect)
    );
    for (row, order) in rows.into_iter().zip(1_i64..) {
        let values = begun(row).into_iter().chain([order.into()]).chain(app.map(value));
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
    app: Option<&AppName>,
    id: u64,
) -> Result<(), DbErr> {
    let set = format!("SET status = 'done', finished_at = {}", now_ms(dialect));
    on_one(connection, app, id, |table| format!("UPDATE {table} {set}")).await
}

/// Sets the status of a migration.
///
/// # Errors
/// The database reports an error.
pub async fn set_status<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    id: u64,
    status: MigrationStatus,
) -> Result<(), DbErr> {
    let status = status.as_str();
    on_one(connection, app, id, |table| format!("UPDATE {table} SET status = '{status}'")).await
}

/// Removes the record of a migration that has been undone.
///
/// # Errors
/// The database reports an error.
pub async fn remove_migration<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    id: u64,
) -> Result<(), DbErr> {
    on_one(connection, app, id, |table| format!("DELETE FROM {table}")).await
}

/// Removes the records of all migrations of an app.
///
/// # Errors
/// The database reports an error.
pub async fn remove_migrations<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
) -> Result<(), DbErr> {
    let own = if app.is_some() { " WHERE app = $1" } else { "" };
    execute(connection, &format!("DELETE FROM {}{own}", table_of(app)), app.map(value)).await?;
    Ok(())
}

/// Notes that a migration is no longer finished, because its rollback changes something.
///
/// # Errors
/// The database reports an error.
pub async fn unfinish_migration<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    id: u64,
) -> Result<(), DbErr> {
    on_one(connection, app, id, |table| format!("UPDATE {table} SET finished_at = NULL")).await
}

/// Runs the beginning of a statement, made for the app's table, on the record of one migration.
async fn on_one<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    id: u64,
    begin: impl FnOnce(&str) -> String,
) -> Result<(), DbErr> {
    let own = if app.is_some() { " AND app = $2" } else { "" };
    let sql = format!("{} WHERE id = $1{own}", begin(table_of(app)));
    execute(connection, &sql, [id.cast_signed().into()].into_iter().chain(app.map(value))).await?;
    Ok(())
}
