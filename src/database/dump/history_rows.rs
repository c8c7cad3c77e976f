//! The rows of the tables in which other migration tools record what has run. They belong to the
//! schema: without them such a tool would run everything again on a database made from the dump.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::{Dialect, columns, rows};
use crate::model::{Identifier, TableName};

/// A table in which a tool records its migrations.
struct HistoryTable {
    name: &'static str,
    /// Its columns; the first one gives the order.
    columns: &'static [(&'static str, Kind)],
}

/// The way in which the value of a column is written to the dump.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Bytes,
    /// The time at which the dump is loaded, in seconds: a dump of the same schema stays the same.
    LoadedSeconds,
    /// The same as text.
    LoadedText,
    /// The column's default, which is the time at which the dump is loaded.
    LoadedDefault,
}

const TABLES: [HistoryTable; 4] = [
    HistoryTable { name: "seaql_migrations", columns: SEAQL },
    HistoryTable {
        name: "_sqlx_migrations",
        columns: &[
            ("version", Kind::Number),
            ("description", Kind::Text),
            ("installed_on", Kind::LoadedDefault),
            ("success", Kind::Number),
            ("checksum", Kind::Bytes),
            ("execution_time", Kind::Number),
        ],
    },
    HistoryTable {
        name: "refinery_schema_history",
        columns: &[
            ("version", Kind::Number),
            ("name", Kind::Text),
            ("applied_on", Kind::LoadedText),
            ("checksum", Kind::Text),
        ],
    },
    HistoryTable {
        name: "__diesel_schema_migrations",
        columns: &[("version", Kind::Text), ("run_on", Kind::LoadedDefault)],
    },
];

const SEAQL: &[(&str, Kind)] = &[("version", Kind::Text), ("applied_at", Kind::LoadedSeconds)];

/// Reads the rows of the known tables that exist, as `INSERT` statements. `orm_table` is the table of
/// sea-orm-migration if the app has given it another name.
///
/// # Errors
/// The database reports an error.
pub async fn history_rows<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    orm_table: Option<&str>,
) -> Result<String, DbErr> {
    let mut text = String::new();
    let known = TABLES.iter().map(|table| (table.name, table.columns));
    let own = orm_table.filter(|own| TABLES.iter().all(|table| table.name != *own));
    for (name, columns) in known.chain(own.map(|own| (own, SEAQL))) {
        let Ok(table) = name.parse::<TableName>() else { continue };
        let Some(found) = columns::listed(connection, dialect, &table).await? else { continue };
        // A table of the same name that is made otherwise is not that tool's.
        let has = |wanted: &str| found.columns.iter().any(|own| own == wanted);
        if !columns.iter().all(|(column, _)| has(column)) {
            continue;
        }
        // The dump of PostgreSQL has an empty search path.
        let quoted = match Identifier::new(found.schema) {
            Ok(schema) if dialect == Dialect::Postgres => {
                format!("{}.{}", dialect.quote(&schema), dialect.quote_table(&table))
            }
            _ => dialect.quote_table(&table),
        };
        write_rows(&mut text, connection, dialect, &quoted, columns).await?;
    }
    Ok(text)
}

async fn write_rows<C: ConnectionTrait>(
    text: &mut String,
    connection: &C,
    dialect: Dialect,
    table: &str,
    columns: &[(&str, Kind)],
) -> Result<(), DbErr> {
    let columns: Vec<_> =
        columns.iter().filter(|(_, kind)| !matches!(kind, Kind::LoadedDefault)).collect();
    let names = columns.iter().map(|(column, _)| *column).collect::<Vec<_>>().join(", ");
    let literals: Vec<_> =
        columns.iter().map(|(column, kind)| kind.literal(dialect, column)).collect();
    let sql = format!("SELECT {} FROM {table} ORDER BY version", literals.join(", "));
    for row in rows(connection, &sql, []).await? {
        let values: Result<Vec<String>, DbErr> =
            (0..columns.len()).map(|at| row.try_get_by_index(at)).collect();
        let _ = writeln!(text, "INSERT INTO {table} ({names}) VALUES ({});", values?.join(", "));
    }
    Ok(())
}

impl Kind {
    /// An expression for the literal that stands for a column's value.
    fn literal(self, dialect: Dialect, column: &str) -> String {
        let text = |sql: &str| format!("'{}'", sql.replace('\'', "''"));
        match (self, dialect) {
            (Self::Number, Dialect::Postgres) => format!("({column})::text"),
            (Self::Number, Dialect::MariaDb) => format!("CAST({column} AS char)"),
            (Self::Number, Dialect::Sqlite) => format!("CAST({column} AS text)"),
            (Self::Text, Dialect::Postgres) => format!("quote_nullable({column})"),
            (Self::Text, _) | (Self::Bytes, Dialect::Sqlite) => format!("quote({column})"),
            (Self::Bytes, Dialect::Postgres) => format!("quote_literal({column}::text)"),
            (Self::Bytes, Dialect::MariaDb) => format!("concat('x''', hex({column}), '''')"),
            (Self::LoadedSeconds, Dialect::Postgres) => text("extract(epoch FROM now())::bigint"),
            (Self::LoadedSeconds, Dialect::MariaDb) => text("unix_timestamp()"),
            (Self::LoadedSeconds, Dialect::Sqlite) => {
                text("CAST(strftime('%s', 'now') AS integer)")
            }
            (Self::LoadedText, Dialect::Postgres) => {
                text("to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
            }
            (Self::LoadedText, Dialect::MariaDb) => {
                text("date_format(utc_timestamp(), '%Y-%m-%dT%H:%i:%sZ')")
            }
            (Self::LoadedText, Dialect::Sqlite) => text("strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"),
            (Self::LoadedDefault, _) => "DEFAULT".to_owned(),
        }
    }
}
