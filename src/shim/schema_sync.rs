//! sea-orm's schema-sync beside a change: what concerns a table under change is put off until the next start
//! after the change.

use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, sqlx};
use sea_schema::sqlx_types::SqlxRow;

use super::connection::Shim;
use super::db_future::DbFuture;
use super::mapped_column::MappedColumn;
use super::mapped_table::MappedTable;
use super::rewrite::contains_name;
use crate::database::Dialect;
use crate::model::{Identifier, State};

/// A connection for `SchemaBuilder::sync` (`schema-sync`), made by [`Shim::for_schema_sync`].
///
/// While a column is being changed, the table does not have the columns of the entity: there are two columns for
/// one, or the column has another name or type. `sync` would add a column, put an index on the copy, or drop a
/// unique constraint of the column that the entity does not name. Such statements are put off: they are not sent,
/// and count as done. `sync` compares again whenever the app starts, so what is still missing after the change is
/// made then.
#[derive(Debug)]
pub struct SchemaSync {
    shim: Shim,
    put_off: Mutex<Vec<String>>,
}

impl Shim {
    /// Returns a connection for `SchemaBuilder::sync`, which puts off what concerns a table under change:
    ///
    /// ```no_run
    /// # use handover::{Releases, Shim};
    /// # async fn example(db: Shim) -> Result<(), Box<dyn std::error::Error>> {
    /// let sync = db.for_schema_sync().await?;
    /// db.get_schema_builder().sync(&sync).await?; // .register(users::Entity) before
    /// for statement in sync.put_off() {
    ///     tracing::info!("put off until the change of the table is complete: {statement}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn for_schema_sync(&self) -> Result<SchemaSync, DbErr> {
        // The state may have changed within the last second.
        self.lease.refresh().await?;
        Ok(SchemaSync { shim: self.clone(), put_off: Mutex::default() })
    }
}

impl SchemaSync {
    /// The statements that were not sent.
    #[must_use]
    pub fn put_off(&self) -> Vec<String> {
        self.put_off.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns true if a change of the schema concerns a column that is not as the code sees it: it names one, or
    /// drops what may belong to one.
    fn concerns_change(&self, sql: &str) -> bool {
        let snapshot = self.shim.lease.snapshot();
        let dialect = snapshot.dialect;
        let mut under_change =
            snapshot.tables().iter().filter(|table| !is_as_code_sees_it(dialect, table));
        match Kind::of(sql) {
            // It is not there: sync makes only what it has not found.
            Kind::CreatesTable => false,
            Kind::DropsIndexAlone => under_change.next().is_some(),
            Kind::Drops => under_change.any(|table| contains_name(sql, table.table.name.as_str())),
            Kind::Other => under_change.any(|table| {
                contains_name(sql, table.table.name.as_str())
                    && names(table).any(|name| contains_name(sql, name.as_str()))
            }),
        }
    }
}

/// All names of the changed columns of a table.
fn names(table: &MappedTable) -> impl Iterator<Item = &Identifier> {
    let columns = table.columns.iter();
    let of_columns = columns.flat_map(|own| [&own.from, &own.to].into_iter().chain(&own.aliases));
    of_columns.chain(&table.hidden).chain(&table.gone)
}

/// The kinds of statements that `sync` sends, as far as they differ here.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    CreatesTable,
    /// Drops a constraint or an index, and names the table.
    Drops,
    /// `DROP INDEX name`: SQLite and PostgreSQL need no table.
    DropsIndexAlone,
    Other,
}

impl Kind {
    fn of(sql: &str) -> Self {
        let words: Vec<String> = sql.split_whitespace().map(str::to_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["CREATE", "TABLE", ..] => Self::CreatesTable,
            ["DROP", "INDEX", rest @ ..] if !rest.contains(&"ON") => Self::DropsIndexAlone,
            ["DROP", ..] | ["ALTER", "TABLE", _, "DROP", ..] => Self::Drops,
            _ => Self::Other,
        }
    }
}

/// Returns true if a table has the columns that the code of this process expects, each with its name. A table
/// that is not there is made as the code says.
fn is_as_code_sees_it(dialect: Dialect, table: &MappedTable) -> bool {
    let has = |name: &str| table.physical.iter().any(|own| dialect.same_column(own, name));
    let is_own = |column: &MappedColumn| {
        matches!(column.state, State::Pending | State::Contracted)
            && column.read() == column.side(column.code)
            && column.retyped.is_none()
            && column.dropped_by.is_none()
    };
    table.physical.is_empty()
        || (table.columns.iter().all(is_own) && !table.hidden.iter().any(|name| has(name.as_str())))
}

impl ConnectionTrait for SchemaSync {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.shim)
    }

    fn execute_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, ExecResult>
    where
        's: 'f,
        Self: 'f,
    {
        if !self.concerns_change(&statement.sql) {
            return self.shim.execute_raw(statement);
        }
        tracing::info!(sql = statement.sql, "schema-sync: put off until the change is complete");
        self.put_off.lock().unwrap_or_else(PoisonError::into_inner).push(statement.sql);
        self.shim.execute_unprepared("SELECT 1")
    }

    fn execute_unprepared<'s, 't, 'f>(&'s self, sql: &'t str) -> DbFuture<'f, ExecResult>
    where
        's: 'f,
        't: 'f,
        Self: 'f,
    {
        self.execute_raw(Statement::from_string(self.get_database_backend(), sql))
    }

    fn query_one_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, Option<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.shim.query_one_raw(statement)
    }

    fn query_all_raw<'s, 'f>(&'s self, statement: Statement) -> DbFuture<'f, Vec<QueryResult>>
    where
        's: 'f,
        Self: 'f,
    {
        self.shim.query_all_raw(statement)
    }
}

#[async_trait::async_trait]
impl sea_schema::Connection for SchemaSync {
    async fn query_all(&self, select: SelectStatement) -> Result<Vec<SqlxRow>, sqlx::Error> {
        sea_schema::Connection::query_all(&self.shim, select).await
    }

    async fn query_all_raw(&self, sql: String) -> Result<Vec<SqlxRow>, sqlx::Error> {
        sea_schema::Connection::query_all_raw(&self.shim, sql).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_may_not_name_its_table() {
        for (sql, kind) in [
            (r#"DROP INDEX "users_handle_key""#, Kind::DropsIndexAlone),
            ("drop index if exists x", Kind::DropsIndexAlone),
            ("DROP INDEX `handle` ON `users`", Kind::Drops),
            (r#"ALTER TABLE "users" DROP CONSTRAINT "users_handle_key""#, Kind::Drops),
            (r#"ALTER TABLE "users" ADD COLUMN "bio" text"#, Kind::Other),
            ("CREATE INDEX x ON users (handle)", Kind::Other),
            (
                r#"CREATE TABLE "posts" ( "id" integer REFERENCES "users" ("id") )"#,
                Kind::CreatesTable,
            ),
        ] {
            assert_eq!(Kind::of(sql), kind, "{sql}");
        }
    }
}
