//! `handover_metadata`: the epoch, and the releases that the database has reached and began with.

use sea_orm::{ConnectionTrait, DbErr};

use super::{apps, migrations, now_ms, unreadable};
use crate::database::{Dialect, announce_epoch, execute, get, table};
use crate::model::{AppName, Release};

/// The one row of `handover_metadata`. The releases are those of one app: see [`Record`](super::Record).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The format version of handover's tables.
    pub format_version: i64,
    /// The number of the current state of all changes: raised by each state change.
    pub epoch: u64,
    /// The latest release of which every migration has run, and every migration of the releases
    /// before it; `None` before the first complete run.
    pub schema_version: Option<Release>,
    /// The earliest release that the project could migrate from when it last did; its earlier
    /// migrations have been squashed.
    pub minimum_version: Option<Release>,
    /// The release whose schema the database had when handover first saw it.
    pub baseline_version: Option<Release>,
    /// The age of the tables, in milliseconds.
    pub age_ms: i64,
    /// The time at which they were made, or the baseline was corrected. What was noted with the baseline
    /// is older.
    pub created_at: i64,
}

pub(super) const TABLE: &str = "handover_metadata";

/// The columns that are read into [`Stored`].
pub(super) fn columns(dialect: Dialect) -> String {
    format!(
        "format_version, epoch, schema_version, minimum_version, baseline_version, \
         {} - created_at, created_at",
        now_ms(dialect)
    )
}

pub(super) type Stored = (i64, i64, Option<String>, Option<String>, Option<String>, i64, i64);

/// Reads the metadata.
///
/// # Errors
/// The tables are missing, or a stored release is not valid.
pub async fn metadata<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Metadata, DbErr> {
    read(table(connection, dialect, &columns(dialect), TABLE).await?)
}

pub(super) fn read(stored: Vec<Stored>) -> Result<Metadata, DbErr> {
    let (format_version, epoch, schema, minimum, baseline, age_ms, created_at) =
        stored.into_iter().next().ok_or_else(|| {
            DbErr::RecordNotFound("handover_metadata has no row; was it emptied by hand?".into())
        })?;
    let release = |text: Option<String>| -> Result<Option<Release>, DbErr> {
        text.map(|text| text.parse().map_err(|error| unreadable(TABLE, error))).transpose()
    };
    Ok(Metadata {
        format_version,
        epoch: epoch.cast_unsigned(),
        schema_version: release(schema)?,
        minimum_version: release(minimum)?,
        baseline_version: release(baseline)?,
        age_ms,
        created_at,
    })
}

/// Reads the epoch and keeps it from changing until the transaction ends. State changes lock it
/// exclusively, registrations share the lock: so an instance never registers with a state that is
/// being left (docs/explanation/protocol.md, rule 16).
///
/// # Errors
/// The database reports an error.
pub async fn lock_epoch<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    exclusive: bool,
) -> Result<u64, DbErr> {
    // SQLite's write transaction excludes every other writer already.
    let lock = match (dialect, exclusive) {
        (Dialect::Sqlite, _) => "",
        (_, true) => " FOR UPDATE",
        (_, false) => shared(dialect),
    };
    let sql = format!("SELECT epoch FROM handover_metadata{lock}");
    let epoch: Option<i64> = get(transaction, &sql, []).await?;
    Ok(epoch.unwrap_or_default().cast_unsigned())
}

/// Records the release that the database has reached completely for an app; `None` if it has reached none.
///
/// # Errors
/// The database reports an error.
pub async fn set_schema_version<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    release: Option<&Release>,
) -> Result<(), DbErr> {
    if let Some(app) = app {
        return apps::set_release(connection, app, "schema_version", release).await;
    }
    let sql = "UPDATE handover_metadata SET schema_version = $1";
    execute(connection, sql, [release.map(ToString::to_string).into()]).await?;
    Ok(())
}

/// Forgets the migrations and changes of an app that were noted for the release that was given as a
/// database's own. `apps` is true if the database [records apps](super::apps).
///
/// # Errors
/// The database reports an error.
pub async fn forget_baseline<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    apps: bool,
) -> Result<(), DbErr> {
    migrations::remove_migrations(connection, app).await?;
    let own = match app {
        Some(_) => " WHERE app = $1",
        None if apps => " WHERE app IS NULL",
        None => "",
    };
    let sql = format!("DELETE FROM handover_changes{own}");
    execute(connection, &sql, app.map(migrations::value)).await?;
    Ok(())
}

/// Records another release as a database's own for an app, after what it has was noted. Raises the epoch, so
/// that running processes look again.
///
/// # Errors
/// The database reports an error.
pub async fn correct_baseline<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    release: Option<&Release>,
) -> Result<(), DbErr> {
    execute(connection, "UPDATE handover_metadata SET epoch = epoch + 1", []).await?;
    if let Some(app) = app {
        apps::set_baseline(connection, dialect, app, release).await?;
    } else {
        let sql = format!(
            "UPDATE handover_metadata SET schema_version = $1, baseline_version = $2, created_at = {}",
            now_ms(dialect)
        );
        let release = || release.map(ToString::to_string).into();
        execute(connection, &sql, [release(), release()]).await?;
    }
    announce_epoch(connection).await
}

/// Records the release from which an app can migrate, if its earlier migrations are squashed.
///
/// # Errors
/// The database reports an error.
pub async fn set_minimum_version<C: ConnectionTrait>(
    connection: &C,
    app: Option<&AppName>,
    release: Option<&Release>,
) -> Result<(), DbErr> {
    if let Some(app) = app {
        return apps::set_release(connection, app, "minimum_version", release).await;
    }
    let sql = "UPDATE handover_metadata SET minimum_version = $1";
    execute(connection, sql, [release.map(ToString::to_string).into()]).await?;
    Ok(())
}

/// The end of a SELECT that takes a shared lock on its rows, so that nobody changes them before the
/// transaction ends. SQLite's write transaction needs none.
pub(super) const fn shared(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE",
        // MariaDB does not support FOR SHARE; MySQL 8 supports both.
        Dialect::MariaDb => " LOCK IN SHARE MODE",
    }
}
