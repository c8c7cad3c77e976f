use sea_orm::{ConnectionTrait, DbErr};
use sea_query::{
    ColumnDef, MysqlQueryBuilder, PostgresQueryBuilder, SqliteQueryBuilder, Table,
    TableCreateStatement,
};

use super::now_ms;
use crate::database::{Dialect, execute, get};

/// The version of the tables' shape; raised when it changes in a way that older code must not meet.
pub const FORMAT_VERSION: i64 = 1;

/// Every table, in the order in which they are made.
pub const TABLES: [&str; 5] = [
    "handover_migrations",
    "handover_changes",
    "handover_backfills",
    "handover_instances",
    "handover_metadata",
];

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
    for definition in definitions(dialect) {
        let sql = match dialect {
            Dialect::Sqlite => definition.to_string(SqliteQueryBuilder),
            Dialect::Postgres => definition.to_string(PostgresQueryBuilder),
            Dialect::Mysql => definition.to_string(MysqlQueryBuilder),
        };
        // With its row in one statement, where the statement is all that is whole.
        let row = match dialect {
            Dialect::Mysql if sql.contains(" `handover_metadata` ") => format!(
                " SELECT 1 AS id, {FORMAT_VERSION} AS format_version, 0 AS epoch, \
                 {} AS created_at",
                now_ms(dialect)
            ),
            _ => String::new(),
        };
        execute(connection, &(sql + &row), []).await?;
    }
    if dialect == Dialect::Mysql {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO handover_metadata (id, format_version, epoch, created_at) \
         SELECT 1, $1, 0, {} FROM (SELECT 1 AS one) AS one \
         WHERE NOT EXISTS (SELECT 1 FROM handover_metadata)",
        now_ms(dialect)
    );
    execute(connection, &sql, [FORMAT_VERSION.into()]).await?;
    Ok(())
}
