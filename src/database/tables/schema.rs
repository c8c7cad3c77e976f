//! The definitions of the tables, and making them.

use sea_orm::sea_query::TableCreateStatement;
use sea_orm::{ConnectionTrait, DbErr};

use super::apps::{self, APPS_FORMAT};
use super::column_types::{Columns, sql};
use super::{migrations, now_ms};
use crate::database::{Dialect, execute, get};
use crate::model::{AppName, Release};

/// The latest format of the tables that this version of handover understands.
pub const FORMAT_VERSION: i64 = 4;

/// The format of new tables: that of renames by a copy. The first change of a kind that earlier
/// versions do not know [raises](super::raise_format) it.
const FIRST_FORMAT: i64 = 1;

/// Every table, in the order in which they are created.
pub const TABLES: [&str; 6] = [
    "handover_migrations",
    "handover_changes",
    "handover_backfills",
    "handover_instances",
    COLUMN_USES,
    METADATA,
];

/// The table of the columns that a process has named though they are about to be dropped. Databases of
/// earlier versions do not have it: see [`create_column_uses`].
const COLUMN_USES: &str = "handover_column_uses";

/// The table that is created last: if it exists, the others are complete.
const METADATA: &str = "handover_metadata";

fn definitions(dialect: Dialect) -> [TableCreateStatement; 6] {
    let is = Columns { dialect };
    [
        migrations::columns(
            is,
            is.table("handover_migrations").col(Columns::number("id").primary_key()),
        ),
        is.table("handover_changes")
            .col(is.key("name"))
            .col(is.text("kind"))
            .col(is.optional_text("table_schema"))
            .col(is.text("table_name"))
            .col(is.text("from_column"))
            .col(is.text("to_column"))
            .col(is.text("expand_release"))
            .col(is.text("state"))
            .col(Columns::number("epoch"))
            .col(is.text("definition"))
            .col(is.optional_text("computed_default"))
            // The tables of the first releases do not have it: see `add_specification`.
            .col(is.optional_text("specification"))
            // Neither this: see `add_app_tables`.
            .col(is.optional_text("app"))
            .take(),
        is.table("handover_backfills")
            .col(is.key("change_name"))
            .col(is.optional_text("cursor"))
            .col(Columns::number("rows_copied"))
            .col(Columns::number("rows_estimated"))
            .col(Columns::number("started_at"))
            .col(Columns::number("updated_at"))
            // The tables of the first releases do not have it: see `add_control`.
            .col(is.optional_text("control"))
            .take(),
        is.table("handover_instances")
            .col(is.key("id"))
            .col(is.text("host"))
            .col(Columns::number("pid"))
            .col(is.text("release"))
            .col(Columns::number("acknowledged"))
            .col(Columns::number("registered_at"))
            .col(Columns::number("expires_at"))
            // The tables of the first releases do not have it: see `add_reads_format`.
            .col(Columns::optional_number("reads_format"))
            // Neither this: see `add_client`.
            .col(is.optional_text("client"))
            // Neither this: see `add_app_tables`.
            .col(is.optional_text("followed"))
            .take(),
        is.table(COLUMN_USES)
            .col(is.key("id"))
            .col(is.text("change_name"))
            .col(is.text("instance"))
            .col(is.text("release"))
            .col(is.text("statement"))
            .take(),
        is.table("handover_metadata")
            .col(Columns::number("id").primary_key())
            .col(Columns::number("format_version"))
            .col(Columns::number("epoch"))
            .col(is.optional_text("schema_version"))
            .col(is.optional_text("minimum_version"))
            .col(is.optional_text("baseline_version"))
            .col(Columns::number("created_at"))
            .take(),
    ]
}

/// Returns true if the tables exist. Runs no DDL and causes no error.
///
/// # Errors
/// The database reports an error.
pub async fn exist<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<bool, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'handover_metadata')"
        }
        Dialect::Postgres => "SELECT to_regclass('handover_metadata') IS NOT NULL",
        Dialect::MariaDb => {
            "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_name = 'handover_metadata')"
        }
    };
    Ok(get::<bool, _, _>(connection, sql, []).await?.unwrap_or(false))
}

/// Creates the missing tables, inside the caller's transaction. MariaDB commits after each table.
/// The next run completes an interrupted one, because [`exist`] looks for the last table.
///
/// # Errors
/// The database reports an error.
pub async fn create<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
) -> Result<(), DbErr> {
    create_record(connection, dialect, app).await?;
    create_metadata(connection, dialect, app, None).await
}

/// Creates all tables, for the first app of the database, except the one that [`exist`] looks for: their
/// contents do not count until [`create_metadata`] has been called. Removes what an interrupted run has left
/// in them.
///
/// # Errors
/// The database reports an error.
pub async fn create_record<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
) -> Result<(), DbErr> {
    for (definition, table) in definitions(dialect).iter().zip(TABLES) {
        if table != METADATA {
            execute(connection, &sql(definition, dialect), []).await?;
            execute(connection, &format!("DELETE FROM {table}"), []).await?;
        }
    }
    if app.is_some() {
        apps::create_app_tables(connection, dialect).await?;
        apps::remove_apps(connection).await?;
    }
    Ok(())
}

/// Creates the table of column uses in a database of an earlier version, which has none.
///
/// # Errors
/// The database reports an error.
pub async fn create_column_uses<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    let [.., definition, _] = definitions(dialect);
    execute(connection, &sql(&definition, dialect), []).await?;
    Ok(())
}

/// Creates the last table, with its row: from now on the database is initialised for this app. `baseline` is
/// the release whose schema it already has.
///
/// # Errors
/// The database reports an error.
pub async fn create_metadata<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    app: Option<&AppName>,
    baseline: Option<&Release>,
) -> Result<(), DbErr> {
    let [.., definition] = definitions(dialect);
    let create = sql(&definition, dialect);
    let (format, baseline) = if app.is_some() {
        apps::add_app(connection, dialect, app, baseline).await?;
        (APPS_FORMAT, None)
    } else {
        (FIRST_FORMAT, baseline)
    };
    // The release is part of the text, because `CREATE TABLE … SELECT` takes no parameters. It
    // contains no quotes.
    let release = baseline.map_or("NULL".to_owned(), |release| format!("'{release}'"));
    let row = format!(
        "SELECT 1 AS id, {format} AS format_version, 0 AS epoch, {} AS created_at, \
         {release} AS baseline_version, {release} AS schema_version",
        now_ms(dialect)
    );
    if dialect == Dialect::MariaDb {
        // Table and row in one statement, because on MariaDB only a single statement is atomic.
        execute(connection, &format!("{create} {row}"), []).await?;
        return Ok(());
    }
    execute(connection, &create, []).await?;
    let sql = format!(
        "INSERT INTO handover_metadata \
         (id, format_version, epoch, created_at, baseline_version, schema_version) \
         SELECT one.* FROM ({row}) AS one WHERE NOT EXISTS (SELECT 1 FROM handover_metadata)"
    );
    execute(connection, &sql, []).await?;
    Ok(())
}
