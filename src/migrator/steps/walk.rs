//! Walking a table in batches along a key: which rows the next batch has.

use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};

use crate::database::catalog::{Key, Table};
use crate::database::{Dialect, get, row};
use crate::model::{Identifier, TableName};

/// Where a walk is. Kept in `handover_backfills` as JSON, so that it can be taken up again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The key of the last row that is done; none at the start.
    pub after: Option<Vec<String>>,
    /// The key of the last row when the walk began. Rows that come later need no copy, since
    /// every writer sets both columns by then; without an end, a walk could chase them forever.
    pub end: Option<Vec<String>>,
    /// Batches done.
    pub batches: u64,
}

/// The rows of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// The SQL condition for its rows, with no parameters.
    pub condition: String,
    /// The cursor when it is done; none if it is the last.
    pub next: Option<Cursor>,
    /// Where rows have no place: how many at most of those that still differ, and `next` is for as
    /// long as there were so many.
    pub limit: Option<u32>,
}

/// A walk along a table's key. Key values travel as SQL literals that the database itself quotes.
pub(super) struct Walk {
    table: String,
    /// The columns of the key; and under the names `k0`, `k1`, …
    columns: Vec<String>,
    named: String,
    /// SQL for a literal of the value of each of those.
    parts: Vec<String>,
    order: String,
    descending: String,
    by_place: bool,
    /// Whether a row of several columns is compared column by column: MariaDB finds no range of an
    /// index for a comparison of rows.
    by_parts: bool,
}

impl Walk {
    pub fn new(dialect: Dialect, name: &TableName, table: &Table) -> Result<Self, DbErr> {
        let columns: Vec<String> = match &table.key {
            Key::RowId(alias) => vec![(*alias).to_owned()],
            Key::Place => vec!["ctid".to_owned()],
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
            (Key::Columns(key), Dialect::Mysql) => {
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
            by_place: table.key == Key::Place,
            by_parts: dialect == Dialect::Mysql,
            columns,
        })
    }

    /// The cursor at the start; none where the table is empty.
    pub async fn start<C: ConnectionTrait>(&self, connection: &C) -> Result<Option<Cursor>, DbErr> {
        if self.columns.is_empty() {
            return Ok(Some(Cursor::default()));
        }
        let end = if self.by_place {
            let pages = self.pages(connection).await?;
            (pages > 0).then(|| vec![pages.to_string()])
        } else {
            self.key_at(connection, &format!("ORDER BY {} LIMIT 1", self.descending)).await?
        };
        Ok(end.map(|end| Cursor { after: None, end: Some(end), batches: 0 }))
    }

    /// The batch of about `size` rows after the cursor.
    pub async fn next<C: ConnectionTrait>(
        &self,
        connection: &C,
        cursor: &Cursor,
        size: u32,
    ) -> Result<Batch, DbErr> {
        if self.by_place {
            return Ok(next_pages(cursor, size));
        }
        if self.columns.is_empty() {
            let next = Cursor { batches: cursor.batches + 1, ..cursor.clone() };
            let condition = "true".to_owned();
            return Ok(Batch { condition, next: Some(next), limit: Some(size) });
        }
        let order = &self.order;
        let end = cursor.end.as_ref().map(|end| self.compared("<", "<=", end));
        let after = cursor.after.as_ref().map(|after| self.compared(">", ">", after));
        let within = [after.clone(), end.clone()].into_iter().flatten().collect::<Vec<_>>();
        let within = if within.is_empty() { "true".to_owned() } else { within.join(" AND ") };
        let skipped = size.saturating_sub(1);
        let last = format!("WHERE {within} ORDER BY {order} LIMIT 1 OFFSET {skipped}");
        let Some(last) = self.key_at(connection, &last).await? else {
            return Ok(Batch { condition: within, next: None, limit: None });
        };
        let upto = self.compared("<", "<=", &last);
        let condition = after.into_iter().chain([upto]).collect::<Vec<_>>().join(" AND ");
        let next =
            Cursor { after: Some(last), end: cursor.end.clone(), batches: cursor.batches + 1 };
        Ok(Batch { condition, next: Some(next), limit: None })
    }

    /// The condition that the key is on that side of these literals: `strict` for its first
    /// columns, `last` for its last.
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

    /// The key of the row that `which` ends at, as literals. They are made outside of the query
    /// for the key, or the database would make them of every row that it skips.
    async fn key_at<C: ConnectionTrait>(
        &self,
        connection: &C,
        which: &str,
    ) -> Result<Option<Vec<String>>, DbErr> {
        let Self { table, named, .. } = self;
        let parts = self.parts.join(", ");
        let sql = format!("SELECT {parts} FROM (SELECT {named} FROM {table} {which}) AS of_key");
        let Some(row) = row(connection, &sql, []).await? else { return Ok(None) };
        (0..self.parts.len()).map(|at| row.try_get_by_index(at)).collect::<Result<_, _>>().map(Some)
    }
}

/// SQL for a literal of `k{at}` on MariaDB.
fn literal(at: usize, sql_type: &str) -> String {
    let is = |names: &[&str]| names.iter().any(|name| sql_type.starts_with(name));
    if is(&["binary", "varbinary"]) {
        // Not `0x…`, which is no literal where the value is empty.
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

/// A range of the table's pages: about a hundred rows fit on one.
fn next_pages(cursor: &Cursor, size: u32) -> Batch {
    let number = |place: &Option<Vec<String>>| {
        place.as_ref().and_then(|place| place.first()?.parse::<u64>().ok()).unwrap_or(0)
    };
    let (first, end) = (number(&cursor.after), number(&cursor.end));
    let last = first + u64::from(size / 100).max(1);
    let place = |page: u64| format!("'({page},0)'::tid");
    let mut condition = format!("ctid >= {} AND ctid < {}", place(first), place(last));
    let next = (last < end).then(|| Cursor {
        after: Some(vec![last.to_string()]),
        end: cursor.end.clone(),
        batches: cursor.batches + 1,
    });
    if next.is_none() {
        condition = format!("ctid >= {}", place(first));
    }
    Batch { condition, next, limit: None }
}
