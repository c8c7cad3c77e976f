//! The definitions of the tables, and making them.

use sea_orm::sea_query::{
    ColumnDef, MysqlQueryBuilder, PostgresQueryBuilder, SqliteQueryBuilder, Table,
    TableCreateStatement,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::now_ms;
use crate::database::{Dialect, execute, get};
use crate::model::Release;

/// The latest format of the tables that this version of handover understands.
pub const FORMAT_VERSION: i64 = 3;

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
    let table = |name: &'static str| {
        let mut table = Table::create();
        table.table(name).if_not_exists();
        if dialect == Dialect::MariaDb {
            // Names and ids are compared byte by byte, as on the other databases, whatever the
            // server's default.
            table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
        }
        table
    };
    let optional_text = |name: &'static str| match dialect {
        // A server that is not strict would cut a longer text off silently.
        Dialect::MariaDb => ColumnDef::new(name).custom("longtext").take(),
        _ => ColumnDef::new(name).text().take(),
    };
    let text = |name: &'static str| optional_text(name).not_null().take();
    // In MariaDB a text without a length cannot be a key.
    let key = |name: &'static str| match dialect {
        Dialect::MariaDb => ColumnDef::new(name).string_len(255).not_null().primary_key().take(),
        _ => text(name).primary_key().take(),
    };
    let number = |name: &'static str| ColumnDef::new(name).big_integer().not_null().take();
    let optional_number = |name: &'static str| ColumnDef::new(name).big_integer().take();
    [
        table("handover_migrations")
            .col(number("id").primary_key())
            .col(text("slug"))
            .col(optional_text("change_name"))
            .col(optional_text("stage"))
            .col(text("release"))
            .col(text("checksum"))
            .col(text("app_version"))
            .col(text("status"))
            .col(number("run_order"))
            .col(number("started_at"))
            .col(optional_number("finished_at"))
            .take(),
        table("handover_changes")
            .col(key("name"))
            .col(text("kind"))
            .col(optional_text("table_schema"))
            .col(text("table_name"))
            .col(text("from_column"))
            .col(text("to_column"))
            .col(text("expand_release"))
            .col(text("state"))
            .col(number("epoch"))
            .col(text("definition"))
            .col(optional_text("computed_default"))
            // The tables of the first releases do not have it: see `add_specification`.
            .col(optional_text("specification"))
            .take(),
        table("handover_backfills")
            .col(key("change_name"))
            .col(optional_text("cursor"))
            .col(number("rows_copied"))
            .col(number("rows_estimated"))
            .col(number("started_at"))
            .col(number("updated_at"))
            // The tables of the first releases do not have it: see `add_control`.
            .col(optional_text("control"))
            .take(),
        table("handover_instances")
            .col(key("id"))
            .col(text("host"))
            .col(number("pid"))
            .col(text("release"))
            .col(number("acknowledged"))
            .col(number("registered_at"))
            .col(number("expires_at"))
            // The tables of the first releases do not have it: see `add_reads_format`.
            .col(optional_number("reads_format"))
            // Neither this: see `add_client`.
            .col(optional_text("client"))
            .take(),
        table(COLUMN_USES)
            .col(key("id"))
            .col(text("change_name"))
            .col(text("instance"))
            .col(text("release"))
            .col(text("statement"))
            .take(),
        table("handover_metadata")
            .col(number("id").primary_key())
            .col(number("format_version"))
            .col(number("epoch"))
            .col(optional_text("schema_version"))
            .col(optional_text("minimum_version"))
            .col(optional_text("baseline_version"))
            .col(number("created_at"))
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
pub async fn create<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<(), DbErr> {
    create_record(connection, dialect).await?;
    create_metadata(connection, dialect, None).await
}

/// Creates all tables except the one that [`exist`] looks for: their contents do not count until
/// [`create_metadata`] has been called. Removes what an interrupted run has left in them.
///
/// # Errors
/// The database reports an error.
pub async fn create_record<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<(), DbErr> {
    for (definition, table) in definitions(dialect).iter().zip(TABLES) {
        if table != METADATA {
            execute(connection, &sql(definition, dialect), []).await?;
            execute(connection, &format!("DELETE FROM {table}"), []).await?;
        }
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

/// Creates the last table, with its row: from now on the database is initialised. `baseline` is the
/// release whose schema it already has.
///
/// # Errors
/// The database reports an error.
pub async fn create_metadata<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    baseline: Option<&Release>,
) -> Result<(), DbErr> {
    let [.., definition] = definitions(dialect);
    let create = sql(&definition, dialect);
    // The release is part of the text, because `CREATE TABLE … SELECT` takes no parameters. It
    // contains no quotes.
    let release = baseline.map_or("NULL".to_owned(), |release| format!("'{release}'"));
    let row = format!(
        "SELECT 1 AS id, {FIRST_FORMAT} AS format_version, 0 AS epoch, {} AS created_at, \
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

fn sql(definition: &TableCreateStatement, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => definition.to_string(SqliteQueryBuilder),
        Dialect::Postgres => definition.to_string(PostgresQueryBuilder),
        Dialect::MariaDb => definition.to_string(MysqlQueryBuilder),
    }
}
