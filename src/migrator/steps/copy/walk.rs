//! Walking a table in batches along a key: the rows of the next batch.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde::{Deserialize, Serialize};

use crate::database::catalog::{Key, Table};
use crate::database::{Dialect, get, row, rows as rows_of};
use crate::model::{Identifier, TableName};

/// The position of a walk. Stored in `handover_backfills` as JSON, so that the walk can resume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The key of the last row that is done; `None` at the start.
    pub after: Option<Vec<String>>,
    /// The key of the last row when the walk began. Rows that come later need no copy, since
    /// every writer sets both columns by then; without an end, a walk could chase them forever.
    pub end: Option<Vec<String>>,
    /// Batches done.
    pub batches: u64,
    /// Rows that were looked at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rows: u64,
    /// True for a part of a walk: it does not go past its end, even if rows have come behind it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bounded: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The rows of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// The SQL condition for its rows, with no parameters.
    pub condition: String,
    /// The cursor after it; `None` if it is the last.
    pub next: Option<Cursor>,
    /// For rows without a key: the maximum number of rows that still differ. `next` applies if the
    /// batch had that many.
    pub limit: Option<u32>,
    /// The number of its rows, if that is known before they are read.
    pub rows: Option<u64>,
}

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
            by_ctid: table.key == Key::Ctid,
            density: 100,
            by_parts: dialect == Dialect::Mysql,
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
    pub const fn is_without_place(&self) -> bool {
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

/// The page of a `ctid`; the first page if there is none.
fn page(ctid: Option<&Vec<String>>) -> u64 {
    ctid.and_then(|ctid| ctid.first()?.parse().ok()).unwrap_or(0)
}

/// A range of the table's pages. The last range of the walk has no end: rows that were updated since
/// the walk began are behind it.
fn next_pages(cursor: &Cursor, size: u32, density: u64) -> Batch {
    let (first, end) = (page(cursor.after.as_ref()), page(cursor.end.as_ref()));
    let mut last = first + (u64::from(size) / density).max(1);
    if cursor.bounded {
        last = last.min(end);
    }
    let ctid = |page: u64| format!("'({page},0)'::tid");
    let bounded = format!("ctid >= {} AND ctid < {}", ctid(first), ctid(last));
    let rows = last.min(end).saturating_sub(first) * density;
    let next = (last < end).then(|| Cursor {
        after: Some(vec![last.to_string()]),
        batches: cursor.batches + 1,
        rows: cursor.rows + rows,
        ..cursor.clone()
    });
    let condition =
        if next.is_some() || cursor.bounded { bounded } else { format!("ctid >= {}", ctid(first)) };
    Batch { condition, next, limit: None, rows: Some(rows) }
}

/// Splits the pages that are left into parts; the last part has the pages that were added since.
fn split_pages(cursor: &Cursor, parts: u32) -> Vec<Cursor> {
    let (first, end) = (page(cursor.after.as_ref()), page(cursor.end.as_ref()));
    let ctid = |page: u64| Some(vec![page.to_string()]);
    let step = (end.saturating_sub(first)).div_ceil(u64::from(parts).max(1)).max(1);
    let mut split = Vec::new();
    let mut from = first;
    while from < end {
        let to = (from + step).min(end);
        let part = Cursor { after: ctid(from), end: ctid(to), bounded: true, ..Cursor::default() };
        split.push(part);
        from = to;
    }
    if !cursor.bounded {
        let last = Cursor { after: ctid(from), end: ctid(end), ..Cursor::default() };
        split.push(last);
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(after: Option<u64>, end: u64, bounded: bool) -> Cursor {
        let ctid = |page: u64| vec![page.to_string()];
        Cursor { after: after.map(ctid), end: Some(ctid(end)), bounded, ..Cursor::default() }
    }

    #[test]
    fn the_last_pages_of_a_walk_have_no_end_and_those_of_a_part_have_one() {
        for (cursor, condition, after) in [
            (pages(None, 5, false), "ctid >= '(0,0)'::tid AND ctid < '(3,0)'::tid", Some("3")),
            (pages(Some(3), 5, false), "ctid >= '(3,0)'::tid", None),
            (pages(Some(3), 5, true), "ctid >= '(3,0)'::tid AND ctid < '(5,0)'::tid", None),
            (pages(Some(5), 5, false), "ctid >= '(5,0)'::tid", None),
        ] {
            let batch = next_pages(&cursor, 30, 10);
            assert_eq!(batch.condition, condition);
            assert_eq!(batch.next.map(|next| next.after.unwrap()[0].clone()).as_deref(), after);
        }
    }

    #[test]
    fn the_parts_of_the_pages_are_all_of_them_and_each_once() {
        for (cursor, parts) in [
            (pages(None, 10, false), 3),
            (pages(Some(7), 8, false), 3),
            (pages(Some(8), 8, false), 2),
            (pages(Some(2), 9, true), 2),
        ] {
            let split = split_pages(&cursor, parts);
            let mut at = page(cursor.after.as_ref());
            for part in &split {
                assert_eq!(page(part.after.as_ref()), at, "{split:?}");
                at = page(part.end.as_ref());
            }
            assert_eq!(at, page(cursor.end.as_ref()), "{split:?}");
            assert_eq!(
                split.iter().filter(|part| !part.bounded).count(),
                usize::from(!cursor.bounded)
            );
        }
    }
}
