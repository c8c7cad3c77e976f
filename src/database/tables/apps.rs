//! `handover_apps`: the apps that migrate the database, if one of them has a name.
//!
//! A database of one app without a name does not have this table, so that earlier versions of handover go on
//! with it. The first app with a name adds it and raises the format of the tables, as earlier
//! versions would take the processes and changes of one app for those of another.

#[cfg(feature = "migrate")]
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::Index;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::column_types::{Columns, sql};
use super::migrations::{self, APP_TABLE};
#[cfg(feature = "migrate")]
use super::upgrade::{CHANGES, INSTANCES, has_column};
use super::{now_ms, unreadable};
#[cfg(feature = "migrate")]
use crate::database::{Database, Fault, LockPolicy, fault, get, row, with_lock_retry};
use crate::database::{Dialect, execute, rows};
use crate::model::{AppName, Release};

/// The format of the tables of a database in which an app has a name.
pub const APPS_FORMAT: i64 = 4;

const TABLE: &str = "handover_apps";

/// An app that migrates the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRecord {
    /// Its name; `None` for the one without a name.
    pub name: Option<AppName>,
    /// The latest release of which every migration has run; `None` also for the app without a name, whose
    /// releases are in `handover_metadata`.
    pub schema_version: Option<Release>,
    /// The earliest release that the app could migrate from when it last did.
    pub minimum_version: Option<Release>,
    /// The release whose schema the database had when the app first saw it.
    pub baseline_version: Option<Release>,
    /// The time at which it was recorded, or its baseline was corrected.
    pub created_at: i64,
}

/// Makes the tables of the apps that have a name, unless they are there.
///
/// # Errors
/// The database reports an error.
pub async fn create_app_tables<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    let is = Columns { dialect };
    let mut apps = is.table(TABLE);
    apps.col(is.key("name"))
        .col(is.optional_text("schema_version"))
        .col(is.optional_text("minimum_version"))
        .col(is.optional_text("baseline_version"))
        .col(Columns::number("created_at"));
    let mut history = is.table(APP_TABLE);
    history.col(is.short_text("app")).col(Columns::number("id"));
    let mut history = migrations::columns(is, &mut history);
    history.primary_key(Index::create().col("app").col("id"));
    for table in [apps, history] {
        execute(connection, &sql(&table, dialect), []).await?;
    }
    Ok(())
}

/// Adds what a database of an earlier format lacks for the apps that have a name; what is there stays.
/// MariaDB commits after each table. Processes use two of the tables in their transactions, so this asks for
/// the locks briefly, and again.
///
/// # Errors
/// The database reports an error, or somebody holds a table for longer than the policy permits.
#[cfg(feature = "migrate")]
pub async fn add_app_tables(database: &Database, policy: LockPolicy) -> Result<(), DbErr> {
    let missed = |error: &DbErr| fault(error) == Fault::Lock;
    with_lock_retry(policy, missed, async || {
        let transaction = database.begin().await?;
        let dialect = database.dialect();
        if dialect == Dialect::Postgres {
            let limit = policy.timeout.as_millis();
            let sql = format!("SET LOCAL lock_timeout = {limit}");
            execute(&transaction, &sql, []).await?;
            create_beside_the_others(&transaction).await?;
        } else {
            create_app_tables(&transaction, dialect).await?;
        }
        let (wait, kind) =
            if dialect == Dialect::MariaDb { (" NOWAIT", "longtext") } else { ("", "text") };
        for (table, column) in [(CHANGES, "app"), (INSTANCES, "followed")] {
            if !has_column(&transaction, dialect, table, column).await? {
                let sql = format!("ALTER TABLE {table}{wait} ADD COLUMN {column} {kind}");
                execute(&transaction, &sql, []).await?;
            }
        }
        transaction.commit().await
    })
    .await
}

/// Makes the tables in the schema of handover's other tables, for the role that owns these: another app's role may
/// search other schemas, and be only a member of the owner.
#[cfg(feature = "migrate")]
async fn create_beside_the_others(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let sql = "SELECT set_config('search_path', quote_ident(n.nspname), true), \
               quote_ident(pg_get_userbyid(c.relowner)), pg_get_userbyid(c.relowner) <> current_user \
               FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
               WHERE c.oid = to_regclass('handover_metadata')";
    let Some(found) = row(transaction, sql, []).await? else { return Ok(()) };
    let (owner, is_other): (String, bool) =
        (found.try_get_by_index(1)?, found.try_get_by_index(2)?);
    create_app_tables(transaction, Dialect::Postgres).await?;
    for table in [TABLE, APP_TABLE] {
        let own = "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = to_regclass($1)";
        let is_own: Option<bool> = get(transaction, own, [table.into()]).await?;
        if is_other && is_own == Some(true) {
            let sql = format!("ALTER TABLE {table} OWNER TO {owner}");
            execute(transaction, &sql, []).await?;
        }
    }
    Ok(())
}

/// The key of an app: that of the app without a name is empty.
fn key(app: Option<&AppName>) -> Value {
    app.map_or("", AppName::as_str).into()
}

/// Reads the apps; only in a database with [`APPS_FORMAT`] or later.
///
/// # Errors
/// The table is missing, or a stored value is not valid.
pub async fn apps<C: ConnectionTrait>(connection: &C) -> Result<Vec<AppRecord>, DbErr> {
    let sql = "SELECT name, schema_version, minimum_version, baseline_version, created_at \
               FROM handover_apps ORDER BY name";
    rows(connection, sql, []).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<AppRecord, DbErr> {
    let name: String = row.try_get_by_index(0)?;
    let release = |at: usize| -> Result<Option<Release>, DbErr> {
        let text: Option<String> = row.try_get_by_index(at)?;
        text.map(|text| text.parse().map_err(|error| unreadable(TABLE, error))).transpose()
    };
    Ok(AppRecord {
        name: match name.as_str() {
            "" => None,
            name => Some(name.parse().map_err(|error| unreadable(TABLE, error))?),
        },
        schema_version: release(1)?,
        minimum_version: release(2)?,
        baseline_version: release(3)?,
        created_at: row.try_get_by_index(4)?,
    })
}

/// Records an app, unless it is recorded, with the release whose schema the database has for it.
///
/// # Errors
/// The database reports an error.
pub async fn add_app<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    baseline: Option<&Release>,
) -> Result<(), DbErr> {
    let text = if dialect == Dialect::MariaDb { "char" } else { "text" };
    let sql = format!(
        "INSERT INTO {TABLE} (name, schema_version, baseline_version, created_at) \
         SELECT new.name, new.own, new.own, new.made FROM \
         (SELECT CAST($1 AS {text}) AS name, CAST($2 AS {text}) AS own, {} AS made) AS new \
         WHERE NOT EXISTS (SELECT 1 FROM {TABLE} AS there WHERE there.name = new.name)",
        now_ms(dialect)
    );
    let release = baseline.map(ToString::to_string).into();
    execute(connection, &sql, [key(app), release]).await?;
    Ok(())
}

/// Removes an app with a name and its migrations, which an interrupted run may have left.
///
/// # Errors
/// The database reports an error.
pub async fn remove_app<C: ConnectionTrait>(connection: &C, app: &AppName) -> Result<(), DbErr> {
    migrations::remove_migrations(connection, Some(app)).await?;
    execute(connection, "DELETE FROM handover_apps WHERE name = $1", [key(Some(app))]).await?;
    Ok(())
}

/// Removes every app and its migrations: what an interrupted run has left in a database that is not
/// initialised.
pub(super) async fn remove_apps<C: ConnectionTrait>(connection: &C) -> Result<(), DbErr> {
    for table in [TABLE, APP_TABLE] {
        execute(connection, &format!("DELETE FROM {table}"), []).await?;
    }
    Ok(())
}

/// Sets one of the releases of an app with a name.
pub(super) async fn set_release<C: ConnectionTrait>(
    connection: &C,
    app: &AppName,
    column: &'static str,
    release: Option<&Release>,
) -> Result<(), DbErr> {
    let sql = format!("UPDATE {TABLE} SET {column} = $1 WHERE name = $2");
    let release = release.map(ToString::to_string).into();
    execute(connection, &sql, [release, key(Some(app))]).await?;
    Ok(())
}

/// Records another release as the one that the database began with for an app.
pub(super) async fn set_baseline<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: &AppName,
    release: Option<&Release>,
) -> Result<(), DbErr> {
    let sql = format!(
        "UPDATE {TABLE} SET schema_version = $1, baseline_version = $2, created_at = {} \
         WHERE name = $3",
        now_ms(dialect)
    );
    let release = || release.map(ToString::to_string).into();
    execute(connection, &sql, [release(), release(), key(Some(app))]).await?;
    Ok(())
}
