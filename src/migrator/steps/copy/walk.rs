//! Walking a table in batches along a key: the rows of the next batch.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::cursor::{Batch, Cursor};
use super::pages::{next_pages, split_pages};
use crate::database::catalog::{Key, Table};
use crate::database::{Dialect, get, row, rows as rows_of};
use crate::model::{Identifier, TableName};

/// A walk along a table's key. Key values travel as SQL literals that the database itself quotes.
pub(super) struct Walk {
    table: String,
    /// The columns of the key; `named` has them with the names `k0`, `k1`, …
    columns: Vec<String>,
    named: String,
    /// SQL for a literal of the value of each of those.
    parts: Vec<String>,
    order: String,
    descending: String,
    by_ctid: bool,
    /// The approximate number of rows on a page.
    density: u64,
    /// True if a key of several columns is compared column by column: MariaDB does not use a range of
    /// an index to compare rows.
    by_parts: bool,
}

impl Walk {
    pub fn new(dialect: Dialect, name: &TableName, table: &Table) -> Result<Self, DbErr> {
        let columns: Vec<String> = match &table.key {
            Key::RowId(alias) => vec![(*alias).to_owned()],
            Key::Ctid => vec!["ctid".to_owned()],
            Key::None => Vec::new(),
            Key::Columns(columns) => columns
                .iter()
                .map(|column| {
                    Identifier::new(&column.name)
                        .map(|name| dialect.quote(&name))
                        .map_err(|error| DbErr::Custom(error.to_string()))
                })
                .collect::<Result<_, _>>()?,
        };
        let parts = match (&table.key, dialect) {
            (Key::Columns(key), Dialect::Postgres) => key
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    format!(
                        "quote_literal(k{at}::text) || '::{}'",
                        column.sql_type.replace('\'', "''")
                    )
                })
                .collect(),
            (Key::Columns(key), Dialect::MariaDb) => {
                key.iter().enumerate().map(|(at, column)| literal(at, &column.sql_type)).collect()
            }
            _ => (0..columns.len()).map(|at| format!("quote(k{at})")).collect(),
        };
        let named = columns.iter().enumerate().map(|(at, column)| format!("{column} AS k{at}"));
        Ok(Self {
            table: dialect.quote_table(name),
            named: named.collect::<Vec<_>>().join(", "),
            order: columns.join(", "),
            descending: columns.iter().map(|c| format!("{c} DESC")).collect::<Vec<_>>().join(", "),
            parts,
            by_ctid: table.key == Key::Ctid,
            density: 100,
            by_parts: dialect == Dialect::MariaDb,
            columns,
        })
    }

    /// The cursor at the start; `None` if the table is empty.
    pub async fn start<C: ConnectionTrait>(&self, connection: &C) -> Result<Option<Cursor>, DbErr> {
        if self.columns.is_empty() {
            return Ok(Some(Cursor::default()));
        }
        let end = if self.by_ctid {
            let pages = self.pages(connection).await?;
            (pages > 0).then(|| vec![pages.to_string()])
        } else {
            self.key_at(connection, &format!("ORDER BY {} LIMIT 1", self.descending)).await?
        };
        Ok(end.map(|end| Cursor { end: Some(end), ..Cursor::default() }))
    }

    /// Measures the number of rows on a page, if the walk goes by pages.
    pub async fn measure<C: ConnectionTrait>(
        &mut self,
        connection: &C,
        rows: i64,
    ) -> Result<(), DbErr> {
        if self.by_ctid {
            let pages = self.pages(connection).await?;
            self.density = u64::try_from(rows / pages.max(1)).unwrap_or(0).clamp(1, 10_000);
        }
        Ok(())
    }

    /// Returns true if the rows have no key: each batch looks for its rows from the beginning.
    pub const fn is_without_key(&self) -> bool {
        self.columns.is_empty()
    }

    /// Splits the rest of a walk into about `parts` parts of about equal size (PostgreSQL).
    pub async fn split<C: ConnectionTrait>(
        &self,
        connection: &C,
        cursor: &Cursor,
        parts: u32,
        rows: i64,
    ) -> Result<Vec<Cursor>, DbErr> {
        if self.by_ctid {
            return Ok(split_pages(cursor, parts));
        }
        let Self { table, named, order, .. } = self;
        // Enough for parts of similar size, and no more: sorting all keys takes as long as a part.
        let percent = (1_000_000 / rows.max(1)).clamp(1, 100);
        let keys: Vec<String> = (0..self.columns.len()).map(|at| format!("k{at}")).collect();
        let keys = keys.join(", ");
        let sql = format!(
            "SELECT {} FROM (SELECT {keys}, row_number() OVER (ORDER BY {keys}) AS position, \
             count(*) OVER () AS total FROM (SELECT {named} FROM {table} TABLESAMPLE SYSTEM \
             ({percent}) WHERE {} ORDER BY {order}) AS sample) AS of_key \
             WHERE position % greatest(total / {parts}, 1) = 0 ORDER BY position",
            self.parts.join(", "),
            self.within(cursor),
        );
        let mut after = cursor.after.clone();
        let mut split = Vec::new();
        for row in rows_of(connection, &sql, []).await? {
            let end = self.literals(&row)?;
            let part = Cursor { after, end: Some(end.clone()), bounded: true, ..Cursor::default() };
            split.push(part);
            after = Some(end);
        }
        split.push(Cursor { after, end: cursor.end.clone(), ..Cursor::default() });
        Ok(split)
    }

    /// The batch of about `size` rows after the cursor.
    pub async fn next<C: ConnectionTrait>(
        &self,
        connection: &C,
        cursor: &Cursor,
        size: u32,
    ) -> Result<Batch, DbErr> {
        if self.by_ctid {
            return Ok(next_pages(cursor, size, self.density));
        }
        if self.columns.is_empty() {
            let next = Cursor { batches: cursor.batches + 1, ..cursor.clone() };
            let condition = "true".to_owned();
            return Ok(Batch { condition, next: Some(next), limit: Some(size), rows: None });
        }
        let order = &self.order;
        let after = cursor.after.as_ref().map(|after| self.compared(">", ">", after));
        let within = self.within(cursor);
        let skipped = size.saturating_sub(1);
        let last = format!("WHERE {within} ORDER BY {order} LIMIT 1 OFFSET {skipped}");
        let Some(last) = self.key_at(connection, &last).await? else {
            return Ok(Batch { condition: within, next: None, limit: None, rows: None });
        };
        let upto = self.compared("<", "<=", &last);
        let condition = after.into_iter().chain([upto]).collect::<Vec<_>>().join(" AND ");
        let next = Cursor {
            after: Some(last),
            batches: cursor.batches + 1,
            rows: cursor.rows + u64::from(size),
            ..cursor.clone()
        };
        Ok(Batch { condition, next: Some(next), limit: None, rows: Some(size.into()) })
    }

    /// The condition for all rows that are left.
    fn within(&self, cursor: &Cursor) -> String {
        let after = cursor.after.as_ref().map(|after| self.compared(">", ">", after));
        let end = cursor.end.as_ref().map(|end| self.compared("<", "<=", end));
        let within: Vec<String> = after.into_iter().chain(end).collect();
        if within.is_empty() { "true".to_owned() } else { within.join(" AND ") }
    }

    /// The condition that the key is on one side of these literals: `strict` is the operator for all
    /// columns but the last, `last` for the last one.
    fn compared(&self, strict: &str, last: &str, literals: &[String]) -> String {
        if !self.by_parts {
            return format!("{} {last} {}", row_of(&self.columns), row_of(literals));
        }
        let mut condition = String::new();
        for (column, literal) in self.columns.iter().zip(literals).rev() {
            condition = if condition.is_empty() {
                format!("{column} {last} {literal}")
            } else {
                format!("({column} {strict} {literal} OR {column} = {literal} AND {condition})")
            };
        }
        condition
    }

    async fn pages<C: ConnectionTrait>(&self, connection: &C) -> Result<i64, DbErr> {
        let sql =
            "SELECT pg_relation_size(to_regclass($1)) / current_setting('block_size')::bigint";
        Ok(get(connection, sql, [self.table.as_str().into()]).await?.unwrap_or(0))
    }

    /// The key of the row that `which` ends at, as literals. They are made outside the query for the
    /// key: otherwise the database would make them for every row that it skips.
    async fn key_at<C: ConnectionTrait>(
        &self,
        connection: &C,
        which: &str,
    ) -> Result<Option<Vec<String>>, DbErr> {
        let Self { table, named, .. } = self;
        let parts = self.parts.join(", ");
        let sql = format!("SELECT {parts} FROM (SELECT {named} FROM {table} {which}) AS of_key");
        let Some(row) = row(connection, &sql, []).await? else { return Ok(None) };
        self.literals(&row).map(Some)
    }

    fn literals(&self, row: &QueryResult) -> Result<Vec<String>, DbErr> {
        (0..self.parts.len()).map(|at| row.try_get_by_index(at)).collect()
    }
}

/// SQL for a literal of `k{at}` on MariaDB.
fn literal(at: usize, sql_type: &str) -> String {
    let is = |names: &[&str]| names.iter().any(|name| sql_type.starts_with(name));
    if is(&["binary", "varbinary"]) {
        // Not `0x…`, which is not a literal if the value is empty.
        format!("concat('x''', hex(k{at}), '''')")
    } else if is(&["tinyint", "smallint", "mediumint", "int", "bigint", "decimal"]) {
        format!("CAST(k{at} AS char)")
    } else {
        format!("quote(k{at})")
    }
}

fn row_of(parts: &[String]) -> String {
    match parts {
        [only] => only.clone(),
        several => format!("({})", several.join(", ")),
    }
}
