//! Tests of whole statements.

mod computed_once;
mod defaults;
mod differential;
mod dropped;
mod examples;
mod insert_by_position;
mod known_columns;
mod output_columns;
mod preserved;
mod properties;
mod reads;
mod refused;
mod retyped;
mod robust;
mod schema_changes;
mod subscripts;
mod tuples;
mod whole_rows;
mod writes;

use super::{Rewrite, RewriteError, rewrite};
use crate::Dialect;
use crate::model::{ColumnPair, Identifier, Side, State};
use crate::shim::mapping::Mapping;

/// `users.username` becomes `handle`.
fn rename() -> ColumnPair {
    ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    }
}

/// The mapping of that rename, in one state.
fn mapping(state: State, dialect: Dialect, code: Side) -> Mapping {
    let columns = state.columns();
    let mut physical = vec!["id".to_owned()];
    if columns.from {
        physical.push("username".to_owned());
    }
    physical.push("email".to_owned());
    if columns.to {
        physical.push("handle".to_owned());
    }
    let schema = match dialect {
        Dialect::Sqlite => Some("main"),
        Dialect::Postgres => Some("public"),
        Dialect::MariaDb => None,
    };
    let mut mapping = Mapping::default();
    mapping.add(&rename(), state, code, schema, &physical);
    mapping
}

type Sent = Result<(String, Option<Vec<usize>>), RewriteError>;

/// The statement as it is sent for code that says `code`, and the order of its values.
fn sent_by(code: Side, state: State, dialect: Dialect, sql: &str) -> Sent {
    Ok(match rewrite(sql, dialect, &mapping(state, dialect, code))? {
        Rewrite::Untouched => (sql.to_owned(), None),
        Rewrite::Edited { sql, values } => (sql, values),
    })
}

/// The text with one space where it has any number of them.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sent(state: State, dialect: Dialect, sql: &str) -> Sent {
    sent_by(Side::To, state, dialect, sql)
}

fn check(state: State, dialect: Dialect, sql: &str, expect: &str) {
    let (found, _) = sent(state, dialect, sql).unwrap_or_else(|error| panic!("{state}: {error}"));
    assert_eq!(found, expect, "{state} {dialect}: {sql}");
}

const PENDING: State = State::Pending;
const DUAL_WRITE: State = State::DualWrite;
const READ_TO: State = State::ReadTo;
const WRITE_TO: State = State::WriteTo;
const CONTRACTED: State = State::Contracted;
