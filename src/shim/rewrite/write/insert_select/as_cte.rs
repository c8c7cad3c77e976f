//! Computes the query of an insert once, as a common table expression, on SQLite and MariaDB.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! INSERT INTO users (handle) SELECT random() FROM posts
//! -- becomes
//! INSERT INTO users (`handle`, `username`)
//! WITH once(c0) AS MATERIALIZED (SELECT random() FROM posts)
//! SELECT c0, c0
//! FROM once
//! WHERE true
//! ```

use sqlparser::ast::{Query, SetExpr};

use super::wrap_query::{Numbered, SourceQuery};
use crate::Dialect;
use crate::shim::rewrite::Rewriter;
use crate::shim::rewrite::source::Piece;

/// The end of a query in parentheses that MariaDB and MySQL compute as it stands.
const ALL_ROWS: &str = " LIMIT 18446744073709551615)";

impl Rewriter<'_> {
    /// Selects the values from the query, which becomes a common table expression. `MATERIALIZED`
    /// or `LIMIT` keeps the planner from putting a value in both columns.
    pub(super) fn select_from_cte(
        &mut self,
        source: &Query,
        found: &SourceQuery,
        columns: &Numbered,
    ) {
        let SourceQuery { bytes, with_end, body } = found;
        let Numbered { names, read, defaults, query_name, given } = columns;
        let first = if with_end.is_some() { ", " } else { "WITH " };
        let named = format!("{query_name}({})", names.join(", "));
        let (named, then) = match self.dialect {
            // A subquery in FROM must not have two columns of one name; an expression that lists
            // its columns may.
            Dialect::MariaDb if !defaults.is_empty() => {
                (format!("{first}y{query_name}({})", names[..*given].join(", ")), named)
            }
            _ => (format!("{first}{named}"), String::new()),
        };
        let (before, after) = match self.dialect {
            Dialect::Sqlite => materialized(&named, defaults),
            _ => limited(source, (&named, &then), (defaults, query_name)),
        };
        let after = format!("{after} SELECT {} FROM {query_name}", read.join(", "));
        let after = match self.dialect {
            // An upsert behind a query without a condition would be taken for a join's ON.
            Dialect::Sqlite => format!("{after} WHERE true"),
            _ => after,
        };
        let mut pieces: Vec<Piece> = found.with_list().into_iter().collect();
        pieces.push(Piece::New(before));
        pieces.push(Piece::Copy(*body..bytes.end));
        pieces.push(Piece::New(after));
        self.edits.replace(bytes.clone(), pieces);
    }
}

/// The texts before and after a query that make it a materialized expression, on SQLite.
fn materialized(named: &str, defaults: &str) -> (String, String) {
    let (open, close) = match defaults {
        "" => ("(".to_owned(), ")"),
        defaults => (format!("(SELECT *{defaults} FROM ("), "))"),
    };
    (format!("{named} AS MATERIALIZED {open}"), close.to_owned())
}

/// The texts before and after a query that make it a limited expression, on MariaDB; with defaults,
/// one of its rows and one, `then`, that adds these.
fn limited(
    source: &Query,
    (named, then): (&str, &str),
    (defaults, query_name): (&str, &str),
) -> (String, String) {
    // Without a limit ORDER BY would be ignored. With two, what is in the inner parentheses becomes
    // a subquery in FROM, which must not have two columns of one name.
    let (open, close) = if is_limited(source) {
        ("(", ")".to_owned())
    } else if source.locks.is_empty() {
        ("(", ALL_ROWS.to_owned())
    } else {
        ("((", format!("){ALL_ROWS}"))
    };
    if defaults.is_empty() {
        return (format!("{named} AS {open}"), close);
    }
    let then = format!(
        "{close}, {then} AS (SELECT y{query_name}.*{defaults} FROM y{query_name}{ALL_ROWS}"
    );
    (format!("{named} AS {open}"), then)
}

/// Returns true if a query, maybe in parentheses, limits the number of its rows.
fn is_limited(query: &Query) -> bool {
    let within = matches!(query.body.as_ref(), SetExpr::Query(inner) if is_limited(inner));
    within || query.limit_clause.is_some() || query.fetch.is_some()
}
