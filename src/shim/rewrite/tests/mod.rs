//! Tests of whole statements.

mod differential;

use super::{Rewrite, RewriteError, rewrite};
use crate::Dialect;
use crate::model::{Identifier, Rename, Side, State};
use crate::shim::mapping::Mapping;

/// `users.username` becomes `handle`, in one state.
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
    let rename = Rename {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    let schema = match dialect {
        Dialect::Sqlite => Some("main"),
        Dialect::Postgres => Some("public"),
        Dialect::Mysql => None,
    };
    let mut mapping = Mapping::default();
    mapping.add(&rename, state, code, schema, &physical);
    mapping
}

/// The statement as it is sent, and the order of its values.
fn sent(
    state: State,
    dialect: Dialect,
    sql: &str,
) -> Result<(String, Option<Vec<usize>>), RewriteError> {
    Ok(match rewrite(sql, dialect, &mapping(state, dialect, Side::To))? {
        Rewrite::Untouched => (sql.to_owned(), None),
        Rewrite::Edited { sql, values } => (sql, values),
    })
}
