//! A database with the tables of a corpus, and trials of statements that leave nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::TryStreamExt;
use handover::Dialect;
use sea_orm::sqlx::{
    self, AssertSqlSafe, Column as _, Connection, Either, Executor, MySqlConnection, PgConnection,
    Row, SqliteConnection, TypeInfo, ValueRef,
};

use super::catalog::{self, Table};
use super::compare::Middle;
use super::split::words;
use crate::support::{mariadb, postgres};

/// A cell as text, and NULL.
pub type Cells = Vec<Option<String>>;

/// What a statement shows.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    pub names: Vec<String>,
    pub rows: Vec<Cells>,
    pub affected: u64,
}

/// What a statement shows and leaves.
#[derive(Debug, PartialEq)]
pub struct Trial {
    pub outcome: Outcome,
    /// The rows of each table, in some order.
    pub contents: Vec<Vec<Cells>>,
    /// Rows whose two columns differ.
    pub torn: Vec<Cells>,
}

impl Trial {
    /// Leaves what is the same after every read.
    pub fn forget_writes(&mut self) {
        self.outcome.affected = 0;
        self.contents.clear();
    }
}

pub enum Failure {
    /// The middle state could not be made.
    Setup(String),
    Statement(String),
}

enum Link {
    Sqlite(SqliteConnection, Arc<AtomicU32>),
    Postgres(PgConnection, #[expect(dead_code, reason = "drops the database")] postgres::Database),
    MariaDb(MySqlConnection, #[expect(dead_code, reason = "drops the database")] mariadb::Database),
}

pub struct World {
    pub dialect: Dialect,
    link: Link,
    /// The name of MariaDB's database, which has no transactions around `ALTER TABLE`: there, a
    /// trial gets copies of the tables in a second one.
    name: String,
    tables: Option<Vec<Table>>,
    /// Trials so far.
    trials: usize,
    lost: bool,
}

/// SQLite is stopped after so many thousand steps, the servers after so many milliseconds.
const LIMIT: u32 = 5000;

impl World {
    pub async fn new(dialect: Dialect) -> Self {
        let (link, name) = match dialect {
            Dialect::Sqlite => {
                let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
                let steps = Arc::new(AtomicU32::new(0));
                let counted = Arc::clone(&steps);
                let mut handle = connection.lock_handle().await.unwrap();
                handle.set_progress_handler(1000, move || {
                    counted.fetch_add(1, Ordering::Relaxed) < LIMIT
                });
                drop(handle);
                (Link::Sqlite(connection, steps), String::new())
            }
            Dialect::Postgres => {
                let database = postgres::fresh_database();
                let connection = PgConnection::connect(&database.url).await.unwrap();
                (Link::Postgres(connection, database), String::new())
            }
            Dialect::MariaDb => {
                let database = mariadb::fresh_database();
                let name = url::Url::parse(&database.url).unwrap().path()[1..].to_owned();
                let connection = MySqlConnection::connect(&database.url).await.unwrap();
                (Link::MariaDb(connection, database), name)
            }
        };
        let mut world = Self { dialect, link, name, tables: None, trials: 0, lost: false };
        let begin = match dialect {
            Dialect::Sqlite => Vec::new(),
            Dialect::Postgres => vec![format!("SET statement_timeout = {LIMIT}")],
            Dialect::MariaDb => vec![
                format!("SET max_statement_time = {}", LIMIT / 1000),
                format!("CREATE OR REPLACE DATABASE {}_mid", world.name),
                // Copies of a table are made for each trial; nothing of them is kept.
                "SET default_storage_engine = MyISAM".to_owned(),
                // Before the backfill, a lax mode makes a value of NULL in a NOT NULL column and
                // leaves NULL in its copy: docs/reference/mariadb.md.
                "SET sql_mode = 'STRICT_ALL_TABLES'".to_owned(),
            ],
        };
        for sql in begin {
            world.run(&sql).await.unwrap();
        }
        world
    }

    /// Whether the connection is gone.
    pub const fn is_lost(&self) -> bool {
        self.lost
    }

    /// Runs a statement of the corpus for good, whatever comes of it.
    pub async fn advance(&mut self, sql: &str) {
        if !is_allowed(sql) {
            return;
        }
        let done = self.run(sql).await;
        if done.is_ok() && !is_data(sql) {
            self.tables = None;
        }
    }

    /// The tables that are there now.
    pub async fn tables(&mut self) -> Vec<Table> {
        if self.tables.is_none() {
            let rows = self.run(catalog::query(self.dialect)).await.map(|found| found.rows);
            self.tables = Some(catalog::tables(self.dialect, rows.unwrap_or_default()));
        }
        self.tables.clone().unwrap_or_default()
    }

    /// Runs a statement, in the middle of a rename or without one, looks at what it leaves in the
    /// tables, and takes it back.
    pub async fn trial(
        &mut self,
        middle: Option<&Middle>,
        sql: &str,
        tables: &[Table],
    ) -> Result<Trial, Failure> {
        let sequences = self.sequences(sql).await;
        let result = match self.begin(middle, tables).await {
            Ok(()) => self.attempt(middle, sql, tables).await.map_err(Failure::Statement),
            Err(error) => Err(Failure::Setup(error)),
        };
        let end = match self.dialect {
            Dialect::MariaDb => format!("USE {}", self.name),
            Dialect::Sqlite | Dialect::Postgres => "ROLLBACK".to_owned(),
        };
        // An error may have ended the transaction.
        drop(self.run(&end).await);
        for sql in sequences {
            drop(self.run(&sql).await);
        }
        result
    }

    /// What puts PostgreSQL's sequences back to where they are: no transaction does.
    async fn sequences(&mut self, sql: &str) -> Vec<String> {
        const QUERY: &str = "
            SELECT format('SELECT setval(%s, %s, %L)', seqrelid, coalesce(last, seqstart),
                          last IS NOT NULL)
              FROM pg_sequence, pg_sequence_last_value(seqrelid) AS last";
        if self.dialect != Dialect::Postgres || !may_write(sql) {
            return Vec::new();
        }
        let found = self.run(QUERY).await.unwrap_or_default();
        found.rows.into_iter().flatten().flatten().collect()
    }

    async fn begin(&mut self, middle: Option<&Middle>, tables: &[Table]) -> Result<(), String> {
        self.trials += 1;
        if self.dialect == Dialect::Postgres && self.trials.is_multiple_of(100) {
            // What trials take back stays in the catalog until somebody sweeps it.
            self.run("VACUUM pg_class, pg_attribute, pg_depend, pg_type, pg_index").await?;
        }
        if self.dialect != Dialect::MariaDb {
            self.run("BEGIN").await?;
            for sql in middle.into_iter().flat_map(|middle| &middle.prepare) {
                self.run(sql).await?;
            }
            return Ok(());
        }
        self.run(&format!("USE {}_mid", self.name)).await?;
        for table in tables {
            let name = table.quoted(self.dialect);
            let middle = middle.filter(|middle| middle.table == table.name);
            let mut copy = vec![
                format!("DROP TABLE IF EXISTS {name}"),
                format!("CREATE TABLE {name} LIKE {}.{name}", self.name),
            ];
            copy.extend(middle.into_iter().flat_map(|middle| middle.prepare.clone()));
            let (to, from) = table.copied(middle);
            copy.push(format!(
                "SET STATEMENT sql_mode = 'NO_AUTO_VALUE_ON_ZERO' FOR \
                 INSERT INTO {name} ({to}) SELECT {from} FROM {}.{name}",
                self.name
            ));
            for sql in copy {
                self.run(&sql).await?;
            }
        }
        Ok(())
    }

    async fn attempt(
        &mut self,
        middle: Option<&Middle>,
        sql: &str,
        tables: &[Table],
    ) -> Result<Trial, String> {
        let mut outcome = self.run(sql).await?;
        // Few orders are total, and the plan may be another one.
        outcome.rows.sort();
        let mut trial = Trial { outcome, contents: Vec::new(), torn: Vec::new() };
        if !may_write(sql) {
            trial.forget_writes();
            return Ok(trial);
        }
        for table in tables {
            let own = middle.filter(|middle| middle.table == table.name);
            let mut rows = self.run(&table.contents(self.dialect, own)).await?.rows;
            rows.sort();
            trial.contents.push(rows);
        }
        if let Some(middle) = middle {
            trial.torn = self.run(&middle.torn).await?.rows;
        }
        Ok(trial)
    }

    async fn run(&mut self, sql: &str) -> Result<Outcome, String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let result = match &mut self.link {
            Link::Sqlite(connection, steps) => {
                steps.store(0, Ordering::Relaxed);
                gather(connection, sql, sqlite_cell, sqlx::sqlite::SqliteQueryResult::rows_affected)
                    .await
            }
            Link::Postgres(connection, _) => {
                let cell = |row: &_, at| text_cell::<sqlx::Postgres>(row, at);
                gather(connection, sql, cell, sqlx::postgres::PgQueryResult::rows_affected).await
            }
            Link::MariaDb(connection, _) => {
                let cell = |row: &_, at| bytes_cell(row, at);
                gather(connection, sql, cell, sqlx::mysql::MySqlQueryResult::rows_affected).await
            }
        };
        result.map_err(|error| {
            let other = !matches!(error, sqlx::Error::Database(_) | sqlx::Error::Encode(_));
            self.lost |= other && self.dialect != Dialect::Sqlite;
            error.to_string()
        })
    }
}

async fn gather<'c, C, D>(
    connection: C,
    sql: AssertSqlSafe<String>,
    cell: impl Fn(&D::Row, usize) -> Option<String>,
    affected: impl Fn(&D::QueryResult) -> u64,
) -> Result<Outcome, sqlx::Error>
where
    D: sqlx::Database,
    C: Executor<'c, Database = D>,
{
    let mut outcome = Outcome::default();
    let mut steps = connection.fetch_many(sqlx::raw_sql(sql));
    while let Some(step) = steps.try_next().await? {
        match step {
            Either::Left(done) => outcome.affected += affected(&done),
            Either::Right(row) => {
                let columns = row.columns();
                outcome.names = columns.iter().map(|column| column.name().to_owned()).collect();
                outcome.rows.push((0..columns.len()).map(|at| cell(&row, at)).collect());
            }
        }
    }
    Ok(outcome)
}

/// SQLite's values have their own types: `1` is not `'1'`.
fn sqlite_cell(row: &sqlx::sqlite::SqliteRow, at: usize) -> Option<String> {
    let raw = row.try_get_raw(at).unwrap();
    if raw.is_null() {
        return None;
    }
    let kind = raw.type_info().name().to_owned();
    Some(match kind.as_str() {
        "INTEGER" => format!("i:{}", row.try_get_unchecked::<i64, _>(at).unwrap()),
        "REAL" => format!("r:{:?}", row.try_get_unchecked::<f64, _>(at).unwrap()),
        _ => {
            let bytes = row.try_get_unchecked::<Vec<u8>, _>(at).unwrap();
            let kind = if kind == "BLOB" { 'b' } else { 't' };
            format!("{kind}:{}", String::from_utf8_lossy(&bytes))
        }
    })
}

fn text_cell<D: sqlx::Database>(row: &D::Row, at: usize) -> Option<String>
where
    usize: sqlx::ColumnIndex<D::Row>,
    for<'r> String: sqlx::Decode<'r, D>,
{
    let decoded = row.try_get_unchecked::<Option<String>, _>(at);
    decoded.unwrap_or_else(|error| Some(error.to_string()))
}

fn bytes_cell(row: &sqlx::mysql::MySqlRow, at: usize) -> Option<String> {
    let decoded = row.try_get_unchecked::<Option<Vec<u8>>, _>(at);
    decoded.unwrap().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a statement reads or writes rows.
pub fn is_data(sql: &str) -> bool {
    let data =
        ["select", "insert", "update", "delete", "with", "replace", "merge", "values", "table"];
    words(sql).first().is_some_and(|first| data.contains(&first.as_str()))
}

/// Whether a statement can write, by its words.
pub fn may_write(sql: &str) -> bool {
    let writes = ["insert", "update", "delete", "replace", "merge"];
    words(sql).iter().any(|word| writes.contains(&word.as_str()))
}

/// Whether a statement may run at all: trials have the transactions, and nothing may leave the
/// database of its own.
pub fn is_allowed(sql: &str) -> bool {
    const NEVER: &str = " begin start commit rollback end savepoint release abort xa lock unlock use \
        shutdown kill attach detach flush install uninstall copy reset load grant revoke handler ";
    const OBJECTS: [&str; 8] =
        ["database", "schema", "user", "role", "tablespace", "server", "event", "subscription"];
    let words = words(sql);
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let has = |what: &str| words.iter().any(|word| word == what);
    !(words.is_empty()
        || NEVER.contains(&format!(" {} ", word(0)))
        // SQLite's old names of result columns.
        || (word(0) == "pragma" && word(1).ends_with("column_names"))
        || (word(0) == "prepare" && word(1) == "transaction")
        || (word(0) == "set"
            && [
                "global",
                "role",
                "authorization",
                "autocommit",
                "debug_dbug",
                "default_storage_engine",
                "max_statement_time",
                "sql_mode",
                "statement_timeout",
            ]
            .iter()
            .any(|w| has(w)))
        || (["create", "drop", "alter"].contains(&word(0))
            && words.iter().skip(1).take(3).any(|word| OBJECTS.contains(&word.as_str())))
        || has("sleep")
        || has("pg_sleep")
        || has("get_lock")
        || has("outfile")
        || has("dumpfile")
        || has("benchmark"))
}
