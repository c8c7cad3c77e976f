//! A whole database as lines: the schema as the database's own program dumps it, what that leaves
//! out, and every column of every row of every table. Two databases that are alike to everybody
//! have the same lines.

use std::fmt::Write as _;
use std::sync::OnceLock;

use regex::Regex;
use sea_orm::DatabaseConnection;

use super::{whole_mariadb, whole_postgres, whole_sqlite};
use crate::support::project::{Db, Project, query};

/// What there is, a line each, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    pub lines: Vec<String>,
}

/// The renamed column's name in a database: what may go by another name where this is part of it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub schema: Option<&'a str>,
    pub table: &'a str,
    /// What the names of its indexes and constraints have of it: its name there, but where it was
    /// renamed at a stroke, the name that it had before.
    pub column: &'a str,
    /// Whether statements have run meanwhile, some of them perhaps twice because they were refused
    /// once: then the counters of sequences say nothing.
    pub is_written: bool,
}

impl Whole {
    /// All that is in the project's database but handover's own tables.
    pub fn of(project: &Project, named: Named<'_>) -> Self {
        let mut lines = match project.db {
            Db::Sqlite => whole_sqlite::lines(project, named),
            Db::Postgres => whole_postgres::lines(project, named),
            Db::Mariadb => whole_mariadb::lines(project, named),
        };
        let now = now();
        for line in &mut lines {
            *line = now.replace_all(line, "<now>").into_owned();
        }
        lines.sort();
        Self { lines }
    }

    /// What the other has and this lacks, and the other way round; nothing if they are alike.
    pub fn differs(&self, expect: &Self) -> Option<String> {
        let mut text = String::new();
        let (mut missing, mut extra) = (expect.lines.clone(), Vec::new());
        for line in &self.lines {
            match missing.iter().position(|other| other == line) {
                Some(at) => drop(missing.remove(at)),
                None => extra.push(line),
            }
        }
        for line in &missing {
            writeln!(text, "- {}", line.replace('\n', "\n  ")).unwrap();
        }
        for line in extra {
            writeln!(text, "+ {}", line.replace('\n', "\n  ")).unwrap();
        }
        (!text.is_empty()).then_some(text)
    }
}

/// A time of today, or of the day after if the tests run past midnight. The zoo's own rows are of
/// another year: a time of today is one that a statement or a trigger of the test has set, which is
/// another one in the database to compare with.
fn now() -> &'static Regex {
    static NOW: OnceLock<Regex> = OnceLock::new();
    NOW.get_or_init(|| {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let tomorrow = today.tomorrow().unwrap();
        Regex::new(&format!(r"({today}|{tomorrow})[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00)?")).unwrap()
    })
}

/// Gives the names that may differ one name, where a dump names an index, a constraint or the
/// sequence of an identity.
///
/// A plain RENAME COLUMN leaves `users_username_key` as it is, while the copy's index is
/// `users_handle_key`. So a name that contains the column's, of an index or constraint of the
/// column's table, says nothing; one that does not contain it has to be the same.
pub struct Names(Option<Regex>);

impl Names {
    /// These names, as a dump writes them, after one of these words.
    pub fn new(names: &[String], before: &str) -> Self {
        let names: Vec<_> = names.iter().map(|name| regex::escape(name)).collect();
        let pattern = format!(r"\b((?:{before}) )(?:{})(?P<end>\W|$)", names.join("|"));
        Self((!names.is_empty()).then(|| Regex::new(&pattern).unwrap()))
    }

    pub fn replace(&self, line: &str) -> String {
        match &self.0 {
            Some(names) => names.replace_all(line, "${1}<name>${end}").into_owned(),
            None => line.to_owned(),
        }
    }
}

/// The rows of a query with one text column, with what to call them.
pub async fn rows(db: &DatabaseConnection, what: &str, sql: &str) -> Vec<String> {
    query(db, sql).await.into_iter().map(|row| format!("{what} {row}")).collect()
}

/// The lines inside the parentheses of CREATE TABLE, each a line of its own: so columns may stand
/// in any order.
pub fn in_any_order(block: &str) -> Vec<String> {
    let Some((head, body)) = block.split_once(" (\n") else { return vec![block.to_owned()] };
    let mut lines = Vec::new();
    for line in body.lines() {
        lines.push(format!("{head}: {}", line.trim().trim_end_matches(',')));
    }
    if lines.is_empty() {
        lines.push(head.to_owned());
    }
    lines
}
