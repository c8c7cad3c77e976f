//! Rewritten statements against real servers: in every state they must do to the renamed table
//! what the original text does to a table on which no rename is going on.

use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;
use handover::shim::rewrite::{Rewrite, RewriteError, rewrite};
use regex::{Captures, Regex};

use crate::support::text_protocol::{Answer, Connected, Server};

/// Statements that SQLite's own comparison runs; those that a server does not know are left out.
const SQLITE: &str = include_str!("../src/shim/rewrite/tests/differential.sql");
const POSTGRES: &str = include_str!("statements/postgres.sql");
const MARIADB: &str = include_str!("statements/mariadb.sql");

const POSTS: &str = "
    INSERT INTO posts VALUES (1, 1, 'ada', 'one'), (2, 1, 'ada', 'two'), (3, 2, 'Bob', 'x'),
                             (4, 9, 'eve', 'ada')";

/// What a statement did, and the tables afterwards.
#[derive(Debug, PartialEq)]
struct Outcome {
    answer: Answer,
    users: String,
    posts: String,
}

/// One statement of a list.
struct Listed {
    /// With `{c}` for the column.
    sql: String,
    values: Vec<String>,
    /// The server need not know it.
    foreign: bool,
    /// It is an error, also without a rename.
    fails: bool,
}

fn statements(server: Server) -> Vec<Listed> {
    let own = match server {
        Server::Postgres => POSTGRES,
        Server::Mariadb => MARIADB,
    };
    let of = |list: &'static str, foreign: bool| {
        let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(move |line| {
            let line = line.trim_start_matches("@position ");
            let (fails, line) = line.strip_prefix("@error ").map_or((false, line), |l| (true, l));
            let (sql, values) = line.split_once(" ;; ").unwrap_or((line, ""));
            let sql = match server {
                Server::Mariadb if foreign => sql.replace('"', "`"),
                _ => sql.to_owned(),
            };
            let values = values.split_terminator(", ").map(Server::literal).collect();
            Listed { sql, values, foreign, fails }
        })
    };
    let known = |listed: &Listed| match server {
        // It takes fewer values than columns, so all columns of a table that is not known are refused.
        Server::Postgres => !listed.sql.contains(" wide"),
        Server::Mariadb => !listed.sql.contains("?1"),
    };
    of(SQLITE, true).filter(known).chain(of(own, false)).collect()
}

/// `?` and `?1` as the server writes them.
fn placeholders(server: Server, sql: &str) -> String {
    let mut count = 0;
    let number = |found: &Captures<'_>| {
        count += 1;
        match &found[1] {
            "" => format!("${count}"),
            number => format!("${number}"),
        }
    };
    match server {
        Server::Postgres => Regex::new(r"\?(\d*)").unwrap().replace_all(sql, number).into_owned(),
        Server::Mariadb => sql.to_owned(),
    }
}

/// The text with its values in it, or around it.
fn bound(server: Server, sql: &str, values: &[String]) -> String {
    if values.is_empty() {
        return sql.to_owned();
    }
    match server {
        // Unknown to the server until it has found their types, as a program's parameters are.
        Server::Postgres => {
            let values = values.join(", ");
            format!("DEALLOCATE ALL; PREPARE p AS {sql}; EXECUTE p({values})")
        }
        Server::Mariadb => {
            let mut values = values.iter();
            let parts: Vec<&str> = sql.split('?').collect();
            let filled = parts.iter().enumerate().map(|(at, part)| match at {
                0 => (*part).to_owned(),
                _ => values.next().unwrap().to_owned() + part,
            });
            filled.collect()
        }
    }
}

/// `users` and `posts`, with these columns in this order.
async fn filled(server: Server, columns: &[&str], own: &[&str]) -> Connected {
    let mut db = server.connect().await;
    // An ANALYZE between two runs changes the plan, and with it the order of rows that have none.
    let (id, text, still) = match server {
        Server::Postgres => ("serial PRIMARY KEY", "text", "WITH (autovacuum_enabled = off)"),
        Server::Mariadb => ("integer PRIMARY KEY AUTO_INCREMENT", "varchar(100)", ""),
    };
    let columns: Vec<String> = columns
        .iter()
        .map(|column| match *column {
            "id" => format!("id {id}"),
            name if own.contains(&name) => format!("{name} {text} UNIQUE"),
            name => format!("{name} {text}"),
        })
        .collect();
    db.sql(&format!("CREATE TABLE users ({}) {still}", columns.join(", "))).await;
    for (id, name, email) in
        [(1, "'ada'", "'a@x'"), (2, "'Bob'", "'b@x'"), (3, "'cyd'", "NULL"), (4, "NULL", "'d@x'")]
    {
        let names = own.join(", ");
        let values = vec![name; own.len()].join(", ");
        let sql = "INSERT INTO users (id, email";
        db.sql(&format!("{sql}, {names}) VALUES ({id}, {email}, {values})")).await;
    }
    db.sql(&format!(
        "CREATE TABLE posts (
             pid integer PRIMARY KEY, user_id integer, author {text}, title {text}) {still}"
    ))
    .await;
    db.sql(POSTS).await;
    // As many columns as `users` has, of which nothing is known.
    db.sql(&format!("CREATE TABLE wide (n integer, name {text}, note {text}) {still}")).await;
    db.sql("INSERT INTO wide VALUES (2, 'tak', 'b@x'), (50, 'wim', NULL), (51, 'xan', 'x')").await;
    db
}

/// Sends a text, looks at the tables, and takes everything back. `column` is the one to look at;
/// `twin` the one that must be equal to it.
async fn run(
    server: Server,
    db: &mut Connected,
    sql: &str,
    column: &str,
    twin: Option<&str>,
) -> Result<Outcome, (String, String)> {
    // Numbers that were taken are not given back by ROLLBACK.
    let begin = match server {
        Server::Postgres => "SELECT setval('users_id_seq', 100); BEGIN",
        Server::Mariadb => "SET insert_id = 101; BEGIN",
    };
    db.sql(begin).await;
    let sent = db.send(sql).await;
    let outcome = match sent {
        Ok(mut answer) => {
            if !sql.to_uppercase().contains("ORDER BY") {
                answer.rows.sort();
            }
            let look = format!("SELECT id, {column}, email FROM users ORDER BY id");
            let users = db.sql(&look).await.table();
            let posts = db.sql("SELECT * FROM posts ORDER BY pid").await.table();
            Ok(Outcome { answer, users, posts })
        }
        Err(error) => Err(error),
    };
    if let (Ok(_), Some(twin)) = (&outcome, twin) {
        let differ = match server {
            Server::Postgres => format!("{column} IS DISTINCT FROM {twin}"),
            Server::Mariadb => format!("NOT BINARY {column} <=> BINARY {twin}"),
        };
        let torn = db.sql(&format!("SELECT id FROM users WHERE {differ}")).await;
        assert_eq!(torn.table(), "", "torn by {sql}");
    }
    db.sql("ROLLBACK").await;
    outcome
}

fn rename() -> ColumnPair {
    ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    }
}

/// A database in a state, the mapping for it, and the column read with its twin.
struct InState {
    db: Connected,
    mapping: Mapping,
    read: &'static str,
    twin: Option<&'static str>,
}

async fn in_state(server: Server, state: State, code: Side) -> InState {
    let exist = state.columns();
    let mut columns = vec!["id"];
    columns.extend(exist.from.then_some("username"));
    columns.push("email");
    columns.extend(exist.to.then_some("handle"));
    let own: Vec<&str> =
        columns.iter().copied().filter(|column| ["username", "handle"].contains(column)).collect();
    let db = filled(server, &columns, &own).await;
    let physical: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
    let schema = (server == Server::Postgres).then_some("public");
    let mut mapping = Mapping::default();
    mapping.add(&rename(), state, code, schema, &physical);
    let (read, other) = match state.reads() {
        Side::From => ("username", "handle"),
        Side::To => ("handle", "username"),
    };
    let writes = state.writes();
    let both = writes.from && writes.to && exist.from && exist.to;
    InState { db, mapping, read, twin: both.then_some(other) }
}

/// What is sent for a statement.
fn sent(
    server: Server,
    mapping: &Mapping,
    sql: &str,
    values: &[String],
) -> Result<String, RewriteError> {
    Ok(match rewrite(sql, server.dialect(), mapping)? {
        Rewrite::Untouched => bound(server, sql, values),
        Rewrite::Edited { sql, values: None } => bound(server, &sql, values),
        Rewrite::Edited { sql, values: Some(order) } => {
            let values: Vec<String> = order.iter().map(|at| values[*at].clone()).collect();
            bound(server, &sql, &values)
        }
    })
}

/// The text with the two names in turn.
fn mixed(sql: &str) -> Option<String> {
    // A name given with AS is not the column's, and a join by name takes the code's name alone.
    let given = ["'{c}", "\"{c}\":", "AS {c}", ", {c}) AS", "({c}) AS", "USING (", "NATURAL"];
    let several = sql.matches("{c}").count() > 1;
    if !several || given.iter().any(|given| sql.contains(given)) {
        return None;
    }
    let mut parts = sql.split("{c}");
    let mut mixed = parts.next().unwrap_or_default().to_owned();
    for (part, name) in parts.zip(["username", "handle"].into_iter().cycle()) {
        mixed += name;
        mixed += part;
    }
    Some(mixed)
}

async fn no_difference(server: Server) {
    let (mut compared, mut different) = (0, Vec::new());
    for (code, name) in [(Side::From, "username"), (Side::To, "handle")] {
        // Where the column is last, as it is when `from` is gone.
        let mut early = filled(server, &["id", name, "email"], &[name]).await;
        let mut late = filled(server, &["id", "email", name], &[name]).await;
        for state in State::OF_A_RENAME {
            let reference = if state == State::Contracted { &mut late } else { &mut early };
            let InState { mut db, mapping, read, twin } = in_state(server, state, code).await;
            for Listed { sql, values, foreign, fails } in statements(server) {
                let original = placeholders(server, &sql.replace("{c}", name));
                let text = bound(server, &original, &values);
                let expected = run(server, reference, &text, name, None).await;
                if expected.is_err() && foreign {
                    continue;
                }
                if expected.is_err() != fails {
                    different.push(format!("without a rename: {text}\n    {expected:?}"));
                    continue;
                }
                compared += 1;
                let mut check = async |original: &str, names: bool| {
                    let new = match sent(server, &mapping, original, &values) {
                        Ok(new) => new,
                        Err(RewriteError::Ambiguous { .. }) if !names => return,
                        Err(error) => {
                            different.push(format!("{state} {code:?}: {error}"));
                            return;
                        }
                    };
                    let found = run(server, &mut db, &new, read, twin).await;
                    let same = match (&found, &expected) {
                        (Ok(found), Ok(expected)) if names => found == expected,
                        (Ok(found), Ok(expected)) => {
                            found.answer.rows == expected.answer.rows
                                && found.users == expected.users
                                && found.posts == expected.posts
                        }
                        (Err((found, _)), Err((expected, _))) => found == expected,
                        _ => false,
                    };
                    if !same {
                        different.push(format!(
                            "{state} {code:?}: {original}\n  {new}\n    {found:?}\n    {expected:?}"
                        ));
                    }
                };
                check(&original, true).await;
                if let Some(mixed) = mixed(&sql) {
                    check(&placeholders(server, &mixed), false).await;
                }
            }
        }
    }
    assert!(different.is_empty(), "{} of {compared}:\n{}", different.len(), different.join("\n"));
    assert!(compared > 1500, "{compared}");
}

#[tokio::test]
async fn postgres_sees_no_difference() {
    no_difference(Server::Postgres).await;
}

#[tokio::test]
async fn mariadb_sees_no_difference() {
    no_difference(Server::Mariadb).await;
}
