//! One statement, plain and in the middle of a rename.

use std::panic::{AssertUnwindSafe, catch_unwind};

use handover::Dialect;
use handover::model::{ColumnPair, Identifier, Side, State, TableName};
use handover::shim::known_columns::{KnownColumns, TableColumns};
use handover::shim::mapping::Mapping;
use handover::shim::rewrite::{Rewrite, RewriteError, analyze, rewrite};
use regex::Regex;

use super::catalog::{Column, Table, quoted};
use super::report::Report;
use super::split::words;
use super::world::{Failure, Trial, World, is_allowed, may_write};

/// A column in the middle of its rename.
pub struct Middle {
    pub table: String,
    /// What the corpus calls it.
    pub column: String,
    pub from: String,
    pub to: String,
    /// The physical column that reads use.
    pub read: String,
    pub mapping: Mapping,
    /// What makes the state out of the plain table, whose rows MariaDB copies afterwards.
    pub prepare: Vec<String>,
    /// A query for rows in which the two differ.
    pub torn: String,
}

/// Each statement meets both middle states, and code of one release and the other by turns.
const MIDDLE: [[(State, Side); 2]; 2] = [
    [(State::DualWrite, Side::From), (State::ReadTo, Side::To)],
    [(State::DualWrite, Side::To), (State::ReadTo, Side::From)],
];

/// Compares a statement with itself in both middle states, and counts what comes of it.
pub async fn compare(world: &mut World, sql: &str, report: &mut Report) {
    if !is_allowed(sql) {
        return;
    }
    let words = words(sql);
    // A sample is another each time, the record of the schema tells of the rename, and the middle
    // state is made by rows in other places.
    let schema = ["sqlite_master", "sqlite_schema", "sqlite_stat1"];
    let places = ["ctid", "cmin", "cmax", "xmin", "xmax", "pg_column_compression"];
    let never = [["tablesample"].as_slice(), &schema, &places].concat();
    if words.iter().any(|word| never.contains(&word.as_str())) {
        return;
    }
    let mut named = world.tables().await;
    let place = |table: &Table| words.iter().position(|word| *word == table.name.to_lowercase());
    named.retain(|table| place(table).is_some());
    named.sort_by_key(|table| place(table));
    let Some((table, column)) = chosen(&words, sql, &named) else { return };
    let plain = match world.trial(None, sql, &named).await {
        Ok(plain) => plain,
        Err(Failure::Setup(error) | Failure::Statement(error)) => {
            report.failing.add(&error, sql);
            if let Some(middle) = Middle::new(world.dialect, table, column, MIDDLE[0][0]) {
                let _ = rewritten(sql, world.dialect, &middle, &named);
            }
            return;
        }
    };
    report.candidates += 1;
    for (state, code) in MIDDLE[report.candidates % 2] {
        let Some(middle) = Middle::new(world.dialect, table, column, (state, code)) else {
            report.skipped.add("the column cannot be in this state", sql);
            continue;
        };
        let new = match rewritten(sql, world.dialect, &middle, &named) {
            Ok(new) => new,
            Err(RewriteError::Parse { reason, .. }) => {
                let reason = reason.split(" at Line").next().unwrap_or_default();
                report.unparsed.add(reason, sql);
                return;
            }
            Err(error) => {
                report.refused.add(&reason(error), sql);
                continue;
            }
        };
        let mut tried = world.trial(Some(&middle), &new, &named).await;
        if let Ok(found) = &mut tried
            && !may_write(sql)
        {
            // The new text may have a column with the name of a verb.
            found.forget_writes();
        }
        match tried {
            Ok(found) if same(&plain, &found) => report.equal += 1,
            Err(Failure::Setup(error)) => report.skipped.add(&error, sql),
            Err(Failure::Statement(error)) if is_limit(&error) => {
                report.skipped.add("takes too long in this state", sql);
            }
            other => {
                let again = world.trial(None, sql, &named).await.ok();
                if again.as_ref().is_none_or(|again| !same(&plain, again)) {
                    report.skipped.add("gives something else each time", sql);
                    continue;
                }
                let what = match other {
                    Ok(found) => difference(&plain, &found),
                    Err(Failure::Statement(error) | Failure::Setup(error)) => error,
                };
                report
                    .differ(format!("{state} {code:?} {}: {sql}\n  {new}\n  {what}", column.name));
            }
        }
    }
}

/// The main table and the column that the statement says most often; `*` says every column.
fn chosen<'t>(words: &[String], sql: &str, named: &'t [Table]) -> Option<(&'t Table, &'t Column)> {
    let said = |column: &Column| {
        let name = column.name.to_lowercase();
        words.iter().filter(|word| **word == name).count()
    };
    for table in named {
        let columns = table.columns.iter().filter(|column| column.renamed);
        let best = columns.rev().max_by_key(|column| said(column));
        if let Some(best) = best {
            let every = sql.contains('*') || words.first().is_some_and(|word| word == "insert");
            return (every || said(best) > 0).then_some((table, best));
        }
    }
    None
}

/// The columns that the shim would look up: those of every table that is not being renamed.
fn known(named: &[Table], middle: &Middle) -> KnownColumns {
    let mut known = KnownColumns::default();
    for table in named.iter().filter(|table| table.name != middle.table) {
        if let Ok(name) = Identifier::new(table.name.clone()) {
            let names = table.columns.iter().map(|column| column.name.clone()).collect();
            let columns = TableColumns { names, unlisted: Vec::new() };
            known.insert(TableName { schema: None, name }, columns);
        }
    }
    known
}

/// What the rewriter makes of a statement. A panic names the statement.
fn rewritten(
    sql: &str,
    dialect: Dialect,
    middle: &Middle,
    named: &[Table],
) -> Result<String, RewriteError> {
    let mapping = &middle.mapping;
    let result = catch_unwind(AssertUnwindSafe(|| match rewrite(sql, dialect, mapping) {
        Err(error) if !error.undecided_tables().is_empty() => {
            let analysis = analyze(sql, dialect, mapping, &known(named, middle));
            analysis.map(|analysis| analysis.rewrite)
        }
        result => result,
    }));
    Ok(match result.unwrap_or_else(|_| panic!("the rewriter panics at {sql:?}"))? {
        Rewrite::Untouched => sql.to_owned(),
        Rewrite::Edited { sql, .. } => sql,
    })
}

/// The reason of a refusal, without names.
fn reason(error: RewriteError) -> String {
    let reason = match error {
        RewriteError::Unsupported { form, .. } => form,
        RewriteError::Ambiguous { why, .. } => format!("ambiguous: {why}"),
        RewriteError::Conflicting { .. } => "both names are set".to_owned(),
        RewriteError::Schema { .. } => "schema".to_owned(),
        other => other.to_string(),
    };
    Regex::new("`[^`]*`").unwrap().replace_all(&reason, "`…`").into_owned()
}

fn same(plain: &Trial, found: &Trial) -> bool {
    let (a, b) = (&plain.outcome, &found.outcome);
    found.torn.is_empty() && a == b && plain.contents == found.contents
}

/// Whether a statement was stopped: the middle state may take it over the limit.
fn is_limit(error: &str) -> bool {
    ["interrupted", "statement timeout", "max_statement_time"].iter().any(|own| error.contains(own))
}

fn difference(plain: &Trial, found: &Trial) -> String {
    let (a, b) = (&plain.outcome, &found.outcome);
    let text = if !found.torn.is_empty() {
        format!("torn: {:?}", found.torn)
    } else if a.names != b.names {
        format!("names {:?}, not {:?}", b.names, a.names)
    } else if a.rows != b.rows {
        format!("rows {:?}, not {:?}", b.rows, a.rows)
    } else if a.affected != b.affected {
        format!("{} affected, not {}", b.affected, a.affected)
    } else {
        format!("leaves {:?}, not {:?}", found.contents, plain.contents)
    };
    text.chars().take(600).collect()
}

impl Middle {
    /// `None` where expand or backfill would refuse the column.
    fn new(
        dialect: Dialect,
        table: &Table,
        column: &Column,
        (state, code): (State, Side),
    ) -> Option<Self> {
        if state == State::ReadTo && !column.simple {
            return None;
        }
        let other = format!("{}_other_name", column.name);
        let (from, to) = match code {
            Side::From => (column.name.clone(), other),
            Side::To => (other, column.name.clone()),
        };
        let quote = |name: &str| quoted(dialect, name);
        let (q_table, q_from, q_to) = (table.quoted(dialect), quote(&from), quote(&to));
        let mut prepare = Vec::new();
        if code == Side::To {
            let own = quote(&column.name);
            prepare.push(format!("ALTER TABLE {q_table} RENAME COLUMN {own} TO {q_from}"));
        }
        let kind = &column.kind;
        let default = column.default.as_ref().map(|value| format!(" DEFAULT {value}"));
        let default = default.unwrap_or_default();
        let not_null = state == State::ReadTo && column.not_null;
        match dialect {
            Dialect::Postgres => {
                // Rows stay where they are, and no trigger fires.
                let alter = format!("ALTER TABLE {q_table}");
                prepare.push(format!("{alter} ADD COLUMN {q_to} {kind}"));
                prepare.push(format!("{alter} ALTER COLUMN {q_to} TYPE {kind} USING {q_from}"));
                if !default.is_empty() {
                    prepare.push(format!("{alter} ALTER COLUMN {q_to} SET{default}"));
                }
                if not_null {
                    prepare.push(format!("{alter} ALTER COLUMN {q_to} SET NOT NULL"));
                }
            }
            Dialect::Sqlite => {
                prepare.push(format!("ALTER TABLE {q_table} ADD COLUMN {q_to} {kind}{default}"));
                prepare.push(format!("UPDATE {q_table} SET {q_to} = {q_from}"));
            }
            Dialect::MariaDb => {
                let null = if not_null { " NOT NULL" } else { " NULL" };
                prepare
                    .push(format!("ALTER TABLE {q_table} ADD COLUMN {q_to} {kind}{null}{default}"));
            }
        }
        if state == State::ReadTo && column.unique {
            prepare.push(format!("CREATE UNIQUE INDEX by_other_name ON {q_table} ({q_to})"));
        }
        let differ = match dialect {
            Dialect::Sqlite => format!("{q_from} IS NOT {q_to}"),
            Dialect::Postgres => format!("ROW({q_from})::record *<> ROW({q_to})::record"),
            // A value that MariaDB makes of NULL is not in the copy before the backfill, and nothing
            // reads it there: docs/reference/mariadb.md.
            Dialect::MariaDb if state == State::DualWrite && column.not_null => {
                format!("NOT ({q_from} <=> {q_to}) AND {q_to} IS NOT NULL")
            }
            Dialect::MariaDb => format!("NOT ({q_from} <=> {q_to})"),
        };
        Some(Self {
            mapping: mapping(dialect, table, column, &from, &to, (state, code))?,
            table: table.name.clone(),
            column: column.name.clone(),
            read: if state == State::ReadTo { to.clone() } else { from.clone() },
            torn: format!("SELECT {q_from}, {q_to} FROM {q_table} WHERE {differ}"),
            from,
            to,
            prepare,
        })
    }
}

fn mapping(
    dialect: Dialect,
    table: &Table,
    column: &Column,
    from: &str,
    to: &str,
    (state, code): (State, Side),
) -> Option<Mapping> {
    let physical = table
        .columns
        .iter()
        .map(|own| if own.name == column.name { from.to_owned() } else { own.name.clone() });
    let physical: Vec<String> = physical.chain([to.to_owned()]).collect();
    let rename = ColumnPair {
        table: format!("\"{}\"", table.name.replace('"', "\"\"")).parse().ok()?,
        from: Identifier::new(from).ok()?,
        to: Identifier::new(to).ok()?,
    };
    let schema = match dialect {
        Dialect::Sqlite => Some("main"),
        Dialect::Postgres => Some("public"),
        Dialect::MariaDb => None,
    };
    let mut mapping = Mapping::default();
    mapping.add(&rename, state, code, schema, &physical);
    Some(mapping)
}
