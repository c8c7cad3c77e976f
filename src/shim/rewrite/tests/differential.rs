//! Rewritten statements against a real SQLite: in every state they must do to the mapped table
//! what the original text does to a table on which no rename is going on.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult,
    Statement, Value,
};

use super::*;

/// Statements in which `{c}` is the column; the values of their placeholders follow after `;;`.
const STATEMENTS: &str = include_str!("differential.sql");

/// The effect of a statement.
#[derive(Debug, PartialEq)]
struct Outcome {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    affected: Option<u64>,
    /// The table afterwards: id, the column, email.
    table: Vec<Vec<String>>,
}

async fn connect() -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn fill(db: &DatabaseConnection, columns: &[&str], own: &[&str]) {
    let list = columns.join(", ");
    db.execute_unprepared(&format!("CREATE TABLE users ({list}, PRIMARY KEY (id))")).await.unwrap();
    for name in own {
        db.execute_unprepared(&format!("CREATE UNIQUE INDEX by_{name} ON users ({name})"))
            .await
            .unwrap();
    }
    for (id, name, email) in
        [(1, "'ada'", "'a@x'"), (2, "'Bob'", "'b@x'"), (3, "'cyd'", "NULL"), (4, "NULL", "'d@x'")]
    {
        let values = own.iter().map(|_| name).collect::<Vec<_>>().join(", ");
        let names = own.join(", ");
        db.execute_unprepared(&format!(
            "INSERT INTO users (id, {names}, email) VALUES ({id}, {values}, {email})"
        ))
        .await
        .unwrap();
    }
    for sql in [
        "CREATE TABLE posts (pid integer primary key, user_id integer, author text, title text)",
        "INSERT INTO posts VALUES (1, 1, 'ada', 'one'), (2, 1, 'ada', 'two'), (3, 2, 'Bob', 'x'), \
         (4, 9, 'eve', 'ada')",
        // As many columns as `users` has, of which nothing is known.
        "CREATE TABLE wide (n integer, name text, note text)",
        "INSERT INTO wide VALUES (2, 'taken', 'b@x'), (50, 'wim', NULL), (51, 'xan', 'x')",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
}

/// A database in a state, and the mapping for it.
async fn mapped(state: State, code: Side) -> (DatabaseConnection, Mapping) {
    let mapping = mapping(state, Dialect::Sqlite, code);
    let db = connect().await;
    let physical: Vec<String> = mapping.tables()[0]
        .physical
        .iter()
        .map(|c| format!("{c} {}", if c == "id" { "integer" } else { "text" }))
        .collect();
    let columns = state.columns();
    let own: Vec<&str> = [("username", columns.from), ("handle", columns.to)]
        .into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect();
    let physical: Vec<&str> = physical.iter().map(String::as_str).collect();
    fill(&db, &physical, &own).await;
    (db, mapping)
}

fn cell(row: &QueryResult, at: usize) -> String {
    if let Ok(value) = row.try_get_by_index::<Option<i64>>(at) {
        return format!("{value:?}");
    }
    if let Ok(value) = row.try_get_by_index::<Option<String>>(at) {
        return format!("{value:?}");
    }
    format!("{:?}", row.try_get_by_index::<Option<f64>>(at).map_err(|e| e.to_string()))
}

fn cells(rows: &[QueryResult]) -> Vec<Vec<String>> {
    rows.iter().map(|row| (0..row.column_names().len()).map(|at| cell(row, at)).collect()).collect()
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await
}

/// Runs a statement and takes it back.
async fn run(
    db: &DatabaseConnection,
    sql: &str,
    values: Vec<Value>,
    column: &str,
) -> Result<Outcome, DbErr> {
    db.execute_unprepared("BEGIN").await?;
    let outcome = attempt(db, sql, values, column).await;
    db.execute_unprepared("ROLLBACK").await?;
    outcome
}

async fn attempt(
    db: &DatabaseConnection,
    sql: &str,
    values: Vec<Value>,
    column: &str,
) -> Result<Outcome, DbErr> {
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    let upper = sql.to_uppercase();
    let reads = upper.contains("RETURNING")
        || upper.starts_with("SELECT")
        || upper.starts_with("VALUES")
        || (upper.starts_with("WITH")
            && !["INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| upper.contains(verb)));
    let (names, mut found, affected) = if reads {
        let found = db.query_all_raw(statement).await?;
        let names = found.first().map(QueryResult::column_names).unwrap_or_default();
        (names, cells(&found), None)
    } else {
        let done = db.execute_raw(statement).await?;
        (Vec::new(), Vec::new(), Some(done.rows_affected()))
    };
    if !upper.contains("ORDER BY") {
        found.sort();
    }
    let table = rows(db, &format!("SELECT id, {column}, email FROM users ORDER BY id")).await?;
    Ok(Outcome { names, rows: found, affected, table: cells(&table) })
}

fn value(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) if text == "NULL" => Value::String(None),
        Err(_) => text.into(),
    }
}

/// The text, its values, and the states in which it does not apply.
fn statements() -> Vec<(String, Vec<Value>, bool)> {
    let mut statements = Vec::new();
    for line in STATEMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (line, by_position) = match line.strip_prefix("@position ") {
            Some(rest) => (rest, true),
            None => (line, false),
        };
        let (sql, values) = line.split_once(" ;; ").unwrap_or((line, ""));
        let values = values.split_terminator(", ").map(value).collect();
        statements.push((sql.to_owned(), values, by_position));
    }
    statements
}

#[tokio::test]
async fn sqlite_sees_no_difference() {
    let mut compared = 0;
    let mut different = Vec::new();
    for (code, name) in [(Side::From, "username"), (Side::To, "handle")] {
        let reference = connect().await;
        let own = format!("{name} text");
        fill(&reference, &["id integer", &own, "email text"], &[name]).await;
        for state in State::OF_A_RENAME {
            let (db, mapping) = mapped(state, code).await;
            let read = mapping.tables()[0].columns[0].read().as_str().to_owned();
            for (sql, values, by_position) in statements() {
                // The order of the columns is another one once `from` is gone.
                if by_position && state == State::Contracted {
                    continue;
                }
                let sql = sql.replace("{c}", name);
                let expected = match run(&reference, &sql, values.clone(), name).await {
                    Ok(expected) => expected,
                    Err(error) => {
                        different.push(format!("the statement itself fails: {sql}: {error}"));
                        continue;
                    }
                };
                let result = compare(&db, &mapping, &sql, values, &read, state, &expected).await;
                compared += 1;
                if let Err(difference) = result {
                    different.push(format!("{state} {code:?}: {sql}\n    {difference}"));
                }
            }
        }
    }
    assert!(different.is_empty(), "{} of {compared}:\n{}", different.len(), different.join("\n"));
    assert!(compared > 1000, "{compared}");
}

/// The text with the two names in turn.
fn mixed(sql: &str) -> String {
    let mut parts = sql.split("{c}");
    let mut mixed = parts.next().unwrap_or_default().to_owned();
    for (part, name) in parts.zip(["username", "handle"].into_iter().cycle()) {
        mixed += name;
        mixed += part;
    }
    mixed
}

/// Code may mix the names: it gets the same rows, or a refusal where a name is not certain.
#[tokio::test]
async fn sqlite_sees_no_difference_between_the_names() {
    let reference = connect().await;
    fill(&reference, &["id integer", "username text", "email text"], &["username"]).await;
    let (mut compared, mut refused) = (0, 0);
    for state in State::OF_A_RENAME {
        let (db, mapping) = mapped(state, Side::From).await;
        let read = mapping.tables()[0].columns[0].read().as_str().to_owned();
        for (sql, values, by_position) in statements() {
            let once = sql.matches("{c}").count() < 2;
            // A name given with AS is not the column's.
            let given = sql.contains("AS {c}") || sql.contains(", {c}) AS");
            // A join by name takes the code's name alone: another table may have the other one.
            if once || given || sql.contains("USING ({c})") || by_position {
                continue;
            }
            let expected =
                run(&reference, &sql.replace("{c}", "username"), values.clone(), "username").await;
            let sql = mixed(&sql);
            let (new, values) = match rewrite(&sql, Dialect::Sqlite, &mapping) {
                Ok(Rewrite::Untouched) => (sql.clone(), values),
                Ok(Rewrite::Edited { sql, values: None }) => (sql, values),
                Ok(Rewrite::Edited { sql, values: Some(order) }) => {
                    (sql, order.into_iter().map(|at| values[at].clone()).collect())
                }
                Err(RewriteError::Ambiguous { .. }) => {
                    refused += 1;
                    continue;
                }
                Err(error) => panic!("{error}"),
            };
            let found = run(&db, &new, values, &read).await;
            let (found, expected) = match (found, expected) {
                (Ok(found), Ok(expected)) => (found, expected),
                (found, _) => panic!("{state}: {sql}\n  {new}\n  {found:?}"),
            };
            assert_eq!(found.rows, expected.rows, "{state}: {sql}\n  {new}");
            assert_eq!(found.table, expected.table, "{state}: {sql}\n  {new}");
            compared += 1;
        }
    }
    assert!(compared > 300 && refused < 100, "{compared} compared, {refused} refused");
}

async fn compare(
    db: &DatabaseConnection,
    mapping: &Mapping,
    sql: &str,
    values: Vec<Value>,
    read: &str,
    state: State,
    expected: &Outcome,
) -> Result<(), String> {
    let (new, values) = match rewrite(sql, Dialect::Sqlite, mapping).map_err(|e| e.to_string())? {
        Rewrite::Untouched => (sql.to_owned(), values),
        Rewrite::Edited { sql, values: None } => (sql, values),
        Rewrite::Edited { sql, values: Some(order) } => {
            (sql, order.into_iter().map(|at| values[at].clone()).collect())
        }
    };
    let found = run(db, &new, values.clone(), read).await.map_err(|e| format!("{new}: {e}"))?;
    if found != *expected {
        return Err(format!("{new}\n    {found:?}\n    {expected:?}"));
    }
    let (writes, exist) = (state.writes(), state.columns());
    if writes.from && writes.to && exist.from && exist.to {
        db.execute_unprepared("BEGIN").await.unwrap();
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, &new, values);
        db.query_all_raw(statement).await.unwrap();
        let torn = rows(db, "SELECT id FROM users WHERE username IS NOT handle").await.unwrap();
        db.execute_unprepared("ROLLBACK").await.unwrap();
        if !torn.is_empty() {
            return Err(format!("{new}\n    leaves {} rows torn", torn.len()));
        }
    }
    Ok(())
}
