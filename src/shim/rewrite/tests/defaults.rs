//! Defaults that differ each time they are computed: the database would give each of two columns a
//! value of its own.

use super::*;
use crate::model::{ComputedDefault, Numbering};
use crate::shim::rewrite::{Rewrite, RewriteError, rewrite};

fn with_default(state: State, dialect: Dialect, not_null: bool, sql: &str) -> Sent {
    let mut mapping = mapping(state, dialect, Side::To);
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    mapping.add_default(
        &rename,
        ComputedDefault { sql: "new_id()".to_owned(), not_null, numbering: None },
    );
    Ok(match rewrite(sql, dialect, &mapping)? {
        Rewrite::Untouched => (sql.to_owned(), None),
        Rewrite::Edited { sql, values } => (sql, values),
    })
}

#[track_caller]
fn expect(dialect: Dialect, sql: &str, expect: &str) {
    let (found, _) = with_default(State::DualWrite, dialect, false, sql).unwrap();
    assert_eq!(found, expect, "{dialect}: {sql}");
    for state in [State::Pending, State::WriteTo, State::Contracted] {
        let (found, _) = with_default(state, dialect, false, sql).unwrap();
        assert!(!found.contains("new_id"), "{state} {dialect}: {found}");
    }
}

#[test]
fn a_column_that_is_left_out_gets_one_default() {
    expect(
        Dialect::Postgres,
        "INSERT INTO users (id, email) VALUES ($1, $2), (2, 'x') RETURNING id",
        "WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v), once1 AS MATERIALIZED (SELECT (new_id()) AS v) INSERT INTO users (id, email, \"handle\", \"username\") VALUES ($1, $2, (SELECT v FROM once0), (SELECT v FROM once0)), (2, 'x', (SELECT v FROM once1), (SELECT v FROM once1)) RETURNING id",
    );
    expect(
        Dialect::Postgres,
        "INSERT INTO users VALUES (1)",
        "WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v) INSERT INTO users (\"id\", \"handle\", \"username\") VALUES (1, (SELECT v FROM once0), (SELECT v FROM once0))",
    );
    expect(
        Dialect::MariaDb,
        "INSERT INTO users (id) VALUES (?), (2)",
        "INSERT INTO users (id, `handle`, `username`) VALUES (?, (new_id()), `handle`), (2, (new_id()), `handle`)",
    );
    expect(
        Dialect::MariaDb,
        "INSERT INTO users SET id = 1",
        "INSERT INTO users SET `handle` = (new_id()), `username` = `handle`, id = 1",
    );
    expect(
        Dialect::MariaDb,
        "INSERT INTO users () VALUES (), ()",
        "INSERT INTO users (`handle`, `username`) VALUES ((new_id()), `handle`), ((new_id()), `handle`)",
    );
    expect(
        Dialect::Sqlite,
        "INSERT INTO users DEFAULT VALUES",
        "WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v) INSERT INTO users (`handle`, `username`) VALUES ((SELECT v FROM once0), (SELECT v FROM once0))",
    );
}

#[test]
fn a_query_that_leaves_a_column_out_gets_a_default_for_each_row() {
    expect(
        Dialect::Postgres,
        "INSERT INTO users (id) SELECT id FROM posts",
        "INSERT INTO users (id, \"handle\", \"username\")  SELECT c0, c1, c1 FROM (SELECT *, (new_id()) FROM (SELECT id FROM posts) AS y OFFSET 0) AS once(c0, c1)",
    );
    expect(
        Dialect::Sqlite,
        "INSERT INTO users (id) SELECT id FROM posts",
        "INSERT INTO users (id, `handle`, `username`) WITH once(c0, c1) AS MATERIALIZED (SELECT *, (new_id()) FROM (SELECT id FROM posts)) SELECT c0, c1, c1 FROM once WHERE true",
    );
    expect(
        Dialect::MariaDb,
        "INSERT INTO users (id) SELECT id FROM posts LIMIT 2",
        "INSERT INTO users (id, `handle`, `username`) WITH yonce(c0) AS (SELECT id FROM posts LIMIT 2), once(c0, c1) AS (SELECT yonce.*, (new_id()) FROM yonce LIMIT 18446744073709551615) SELECT c0, c1, c1 FROM once",
    );
}

#[test]
fn the_word_default_is_one_value() {
    expect(
        Dialect::Postgres,
        "INSERT INTO users (username, id) VALUES (DEFAULT, $1)",
        "WITH once0 AS MATERIALIZED (SELECT (new_id()) AS v) INSERT INTO users (\"handle\", \"username\", id) VALUES ((SELECT v FROM once0), (SELECT v FROM once0), $1)",
    );
    expect(
        Dialect::Postgres,
        "UPDATE users SET handle = DEFAULT WHERE id = 1",
        "UPDATE users SET (\"handle\", \"username\") = (SELECT v, v FROM (SELECT (new_id()) AS v WHERE \"users\".ctid IS NOT NULL OFFSET 0) AS x) WHERE id = 1",
    );
    expect(
        Dialect::Postgres,
        "UPDATE users SET (id, handle) = (1, DEFAULT)",
        "UPDATE users SET id = 1, (\"handle\", \"username\") = (SELECT v, v FROM (SELECT (new_id()) AS v WHERE \"users\".ctid IS NOT NULL OFFSET 0) AS x)",
    );
    expect(
        Dialect::MariaDb,
        "UPDATE users SET handle = DEFAULT",
        "UPDATE users SET `users`.`handle` = (new_id()), `users`.`username` = `users`.`handle`",
    );
}

/// SQLite puts the default of a NOT NULL column where REPLACE is given NULL, and would do so for
/// one of the two columns.
#[test]
fn a_replaced_null_is_refused() {
    let sent = |not_null, sql: &str| with_default(State::ReadTo, Dialect::Sqlite, not_null, sql);
    for sql in [
        "REPLACE INTO users (id, handle) VALUES (1, ?)",
        "INSERT OR REPLACE INTO users (id, handle) VALUES (1, 'a'), (2, NULL)",
        "INSERT OR REPLACE INTO users (id, handle) SELECT 1, 'a'",
        "UPDATE OR REPLACE users SET handle = ?",
    ] {
        assert!(sent(true, sql).is_err(), "{sql}");
        assert!(sent(false, sql).is_ok(), "{sql}");
    }
    assert!(sent(true, "REPLACE INTO users (id, handle) VALUES (1, 'a')").is_ok());
    assert!(sent(true, "REPLACE INTO users (id) VALUES (1)").is_ok());
}

#[test]
fn merge_is_not_guessed() {
    let sql = "MERGE INTO users USING posts ON users.id = posts.id WHEN NOT MATCHED THEN INSERT (id) VALUES (posts.id)";
    assert!(with_default(State::DualWrite, Dialect::Postgres, false, sql).is_err());
    assert!(with_default(State::WriteTo, Dialect::Postgres, false, sql).is_ok());
}

/// Of a column by which the database numbers the rows: the number that is sent is meant.
#[test]
fn a_number_of_the_database_is_sent_as_one() {
    let sent = |numbering, sql: &str| {
        let mut mapping = mapping(State::DualWrite, Dialect::Postgres, Side::To);
        let rename = ColumnPair {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let (sql_of, not_null) = ("n()".to_owned(), true);
        let default = ComputedDefault { sql: sql_of, not_null, numbering: Some(numbering) };
        mapping.add_default(&rename, default);
        match rewrite(sql, Dialect::Postgres, &mapping)? {
            Rewrite::Untouched => Ok(sql.to_owned()),
            Rewrite::Edited { sql, .. } => Ok(sql),
        }
    };
    let once = "WITH once0 AS MATERIALIZED (SELECT (n()) AS v) INSERT INTO users ";
    let v = "(SELECT v FROM once0), (SELECT v FROM once0)";
    let always = |sql: &str| sent(Numbering::Always, sql);
    for (sql, expect) in [
        (
            "INSERT INTO users (id) VALUES (1)",
            format!(
                "{once}(id, \"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES (1, {v})"
            ),
        ),
        (
            "INSERT INTO users (id, handle) VALUES (1, DEFAULT)",
            format!(
                "{once}(id, \"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES (1, {v})"
            ),
        ),
        (
            "INSERT INTO users DEFAULT VALUES",
            format!("{once}(\"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES ({v})"),
        ),
        (
            "INSERT INTO users VALUES (1)",
            format!(
                "{once}(\"id\", \"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES (1, {v})"
            ),
        ),
        (
            "INSERT INTO users (id) OVERRIDING SYSTEM VALUE VALUES (1)",
            format!(
                "{once}(id, \"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES (1, {v})"
            ),
        ),
        (
            "INSERT INTO users (id, handle) OVERRIDING SYSTEM VALUE VALUES (1, 2)",
            "INSERT INTO users (id, \"handle\", \"username\") OVERRIDING SYSTEM VALUE VALUES (1, 2, 2)"
                .to_owned(),
        ),
        // The database refuses it, as it does without a rename.
        (
            "INSERT INTO users (id, handle) VALUES (1, 2)",
            "INSERT INTO users (id, \"handle\", \"username\") VALUES (1, 2, 2)".to_owned(),
        ),
    ] {
        assert_eq!(always(sql).unwrap(), expect);
    }
    let by_default = sent(Numbering::ByDefault, "INSERT INTO users (id) VALUES (1)").unwrap();
    assert!(!by_default.contains("OVERRIDING"), "{by_default}");
    let selected = always("INSERT INTO users (id) SELECT id FROM posts").unwrap();
    assert!(selected.contains("\"username\") OVERRIDING SYSTEM VALUE "), "{selected}");
    for numbering in [Numbering::Always, Numbering::ByDefault] {
        for sql in [
            "INSERT INTO users (id) OVERRIDING USER VALUE VALUES (1)",
            "INSERT INTO users (id, handle) OVERRIDING USER VALUE VALUES (1, 2)",
        ] {
            assert!(matches!(sent(numbering, sql), Err(RewriteError::Unsupported { .. })), "{sql}");
        }
    }
}
