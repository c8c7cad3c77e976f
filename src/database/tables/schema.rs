use sea_orm::{ConnectionTrait, DbErr};
use sea_query::{
    ColumnDef, MysqlQueryBuilder, PostgresQueryBuilder, SqliteQueryBuilder, Table,
    TableCreateStatement,
};

use super::now_ms;
use crate::database::{Dialect, execute, get};
use crate::model::Release;

/// The version of the tables' shape; raised when it changes in a way that older code must not meet.
pub const FORMAT_VERSION: i64 = 1;

/// Every table, in the order in which they are made.
pub const TABLES: [&str; 5] = [
    "handover_migrations",
    "handover_changes",
    "handover_backfills",
    "handover_instances",
    METADATA,
];

/// The table by which it is seen that the others are whole.
const METADATA: &str = "handover_metadata";

fn definitions(dialect: Dialect) -> [TableCreateStatement; 5] {
    let table = |name: &'static str| {
        let mut table = Table::create();
        table.table(name).if_not_exists();
        if dialect == Dialect::Mysql {
            // Names and ids are compared byte by byte, as elsewhere, whatever the server's habit.
            table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
        }
        table
    };
    let optional_text = |name: &'static str| match dialect {
        // A server that is not strict would cut a longer text off silently.
        Dialect::Mysql => ColumnDef::new(name).custom("longtext").take(),
        _ => ColumnDef::new(name).text().take(),
    };
    let text = |name: &'static str| optional_text(name).not_null().take();
    // No text without a length can be a key in MariaDB.
    let key = |name: &'static str| match dialect {
        Dialect::Mysql => ColumnDef::new(name).string_len(255).not_null().primary_key().take(),
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
            .take(),
        table("handover_backfills")
            .col(key("change_name"))
            .col(optional_text("cursor"))
            .col(number("rows_copied"))
            .col(number("rows_estimated"))
            .col(number("started_at"))
            .col(number("updated_at"))
            // Not in the tables of the first releases, which need none: see `add_control`.
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

/// Whether the tables are there. Runs no DDL and provokes no error.
///
/// # Errors
/// Whatever the database reports.
pub async fn exist<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<bool, DbErr> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'handover_metadata')"
        }
        Dialect::Postgres => "SELECT to_regclass('handover_metadata') IS NOT NULL",
        Dialect::Mysql => {
            "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_name = 'handover_metadata')"
        }
    };
    Ok(get::<bool, _, _>(connection, sql, []).await?.unwrap_or(false))
}

/// Makes the tables where they are missing, inside the caller's transaction; MariaDB commits that
/// with each of them, and a run that was cut short is taken up by the next: the last is the one by
/// which [`exist`] goes.
///
/// # Errors
/// Whatever the database reports.
pub async fn create<C: ConnectionTrait>(connection: &C, dialect: Dialect) -> Result<(), DbErr> {
    create_record(connection, dialect).await?;
    create_metadata(connection, dialect, None).await
}

/// Makes all tables but the one by which [`exist`] goes: what is written into these counts for
/// nothing until [`create_metadata`] has been called. What is left of a run that was cut short
/// before that is removed.
///
/// # Errors
/// Whatever the database reports.
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

/// Makes the last of the tables, with its row: from now on the database is one of handover's.
/// `baseline` is the release whose schema it has already.
///
/// # Errors
/// Whatever the database reports.
pub async fn create_metadata<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    baseline: Option<&Release>,
) -> Result<(), DbErr> {
    let [.., definition] = definitions(dialect);
    let create = sql(&definition, dialect);
    // Without a value in the text: what is made of a query takes none. A release has no quotes.
    let release = baseline.map_or("NULL".to_owned(), |release| format!("'{release}'"));
    let row = format!(
        "SELECT 1 AS id, {FORMAT_VERSION} AS format_version, 0 AS epoch, {} AS created_at, \
         {release} AS baseline_version, {release} AS schema_version",
        now_ms(dialect)
    );
    if dialect == Dialect::Mysql {
        // With its row in one statement, where the statement is all that is whole.
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
        Dialect::Mysql => definition.to_string(MysqlQueryBuilder),
    }
}
