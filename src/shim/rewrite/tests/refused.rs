//! Forms that are refused rather than guessed.

use super::*;

fn refusal(code: Side, dialect: Dialect, sql: &str) -> RewriteError {
    match sent_by(code, DUAL_WRITE, dialect, sql) {
        Err(error) => error,
        Ok((found, _)) => panic!("{sql}\n  became {found}"),
    }
}

#[test]
fn rows_that_mysql_reads_otherwise() {
    for sql in [
        "INSERT INTO users () VALUES (1, 'x')",
        "INSERT INTO users SELECT id, 'x' FROM posts",
        "INSERT INTO users SELECT * FROM posts ON DUPLICATE KEY UPDATE id = id + 1",
        "INSERT INTO users SELECT * FROM posts ON DUPLICATE KEY UPDATE handle = posts.name",
        "INSERT INTO users SELECT * FROM posts ON DUPLICATE KEY UPDATE id = (SELECT 1)",
        "INSERT INTO users SELECT *, 1 FROM users ON DUPLICATE KEY UPDATE email = users.email",
        "INSERT INTO users (id, username) VALUES (1, 'x'), (2, concat(username, 'y'))",
    ] {
        let found = sent(DUAL_WRITE, Dialect::MariaDb, sql);
        assert!(matches!(found, Err(RewriteError::Unsupported { .. })), "{found:?}");
    }
}

#[test]
fn unsupported_forms() {
    for sql in [
        "SELECT id FROM users JOIN posts USING (handle)",
        "SELECT ROW((u.*), 1) FROM users u",
        "SELECT (u.*) FROM users u",
        "SELECT count(*) FROM users u GROUP BY (u.*, 1)",
        "SELECT 1 FROM users u, LATERAL (VALUES (u.*)) AS x",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET email = excluded::text",
        "UPDATE users SET email = 'x' FROM posts RETURNING row_to_json(users)",
        "SELECT users.ctid, row_to_json(users) FROM users, posts",
        "SELECT users.username FROM users u",
        "SELECT u.a FROM users AS u(a, b) TABLESAMPLE SYSTEM (10)",
        "SELECT row_to_json(u) FROM users AS u(a, b)",
        "SELECT count(u.*) FROM users AS u(a, b)",
        "SELECT count(email.*) FROM users AS email",
        "INSERT INTO users (id, username) INSERT INTO users (id, username) SELECT 1, 'x'",
        "SELECT username INTO users FROM users",
        "INSERT INTO users (username, id) SELECT name FROM posts",
        "INSERT INTO users SELECT * FROM posts",
        "UPDATE users SET username.field = 1",
        "MERGE INTO users USING posts ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 'a', 'b', 'c')",
        "MERGE INTO users USING posts ON true WHEN NOT MATCHED THEN INSERT (username) VALUES (random())",
        "COPY users (username) TO STDOUT",
        "COPY users FROM STDIN",
        "PREPARE x AS SELECT username FROM users",
        "CREATE MATERIALIZED VIEW x AS SELECT * FROM users",
        "CREATE VIEW x AS SELECT * FROM users",
    ] {
        let error = refusal(Side::From, Dialect::Postgres, sql);
        assert!(matches!(error, RewriteError::Unsupported { .. }), "{sql}: {error}");
    }
    for (dialect, sql) in [
        (Dialect::Sqlite, "UPDATE users SET username = ?, email = ?2"),
        (Dialect::MariaDb, "SELECT /*! username, */ id FROM users"),
        (Dialect::MariaDb, "SELECT id FROM app.users"),
        (Dialect::MariaDb, "SELECT * FROM users NATURAL JOIN posts FOR UPDATE"),
        (Dialect::MariaDb, "SELECT * FROM users USE INDEX (i) NATURAL JOIN posts"),
        (Dialect::MariaDb, "UPDATE users NATURAL JOIN posts SET email = 'x'"),
        // The parser takes it; as a list of columns it would be no SQL any more.
        (Dialect::MariaDb, "SELECT (*) FROM users"),
        (Dialect::MariaDb, "SELECT * FROM users JOIN posts USING (id) LOCK IN SHARE MODE"),
        // The second column would see what the first one is, whatever form the value has.
        (Dialect::MariaDb, "INSERT INTO users (username) VALUES (handle REGEXP 'a')"),
        (
            Dialect::MariaDb,
            "INSERT INTO users (username) VALUES ((1 + 2) IN (SELECT id FROM users LIMIT 1) OR \
             username IN (SELECT email FROM users LIMIT 1))",
        ),
        (Dialect::MariaDb, "UPDATE SOMETHING users SET username = 'x'"),
        (Dialect::MariaDb, "SELECT SOMETHING username FROM users"),
        (Dialect::Postgres, "SELECT username FROM ONLY (users)"),
        (Dialect::Postgres, "UPDATE ONLY (users) SET username = 'x'"),
        (Dialect::Postgres, "SELECT * FROM json_populate_record(NULL::users, $1)"),
        (Dialect::MariaDb, "UPDATE users u JOIN posts p ON true SET u.username = uuid()"),
        (
            Dialect::MariaDb,
            "INSERT INTO users (username) SELECT uuid() FROM posts ON DUPLICATE KEY UPDATE id = email",
        ),
        (Dialect::Postgres, "SELECT U&\"\\0075sername\" FROM users"),
    ] {
        let error = refusal(Side::From, dialect, sql);
        assert!(matches!(error, RewriteError::Unsupported { .. }), "{sql}: {error}");
    }
}

#[test]
fn both_names_with_two_values() {
    for (dialect, sql) in [
        (Dialect::Postgres, "UPDATE users SET username = $1, handle = $2"),
        (Dialect::Postgres, "INSERT INTO users (username, handle) VALUES ($1, $1)"),
        (Dialect::Postgres, "UPDATE users SET (username, handle) = ('a', 'b')"),
        (Dialect::Sqlite, "UPDATE users SET username = ?, handle = ?"),
        (Dialect::Postgres, "UPDATE users SET username = random()::text, handle = random()::text"),
        (
            Dialect::MariaDb,
            "UPDATE users SET username = concat(email, username), handle = concat(email, username)",
        ),
    ] {
        let error = refusal(Side::To, dialect, sql);
        assert!(matches!(error, RewriteError::Conflicting { .. }), "{sql}: {error}");
    }
}

#[test]
fn names_that_may_be_another_tables() {
    for (code, sql) in [
        (Side::To, "SELECT username FROM users JOIN posts ON true"),
        (Side::From, "SELECT handle FROM users JOIN posts ON true"),
        (
            Side::From,
            "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE username = posts.author)",
        ),
        (
            Side::From,
            "SELECT 1 FROM posts WHERE EXISTS (SELECT 1 FROM users WHERE handle = posts.author)",
        ),
        (Side::From, "SELECT username FROM users a JOIN users b ON true"),
        (Side::To, "SELECT lower(x) AS username FROM users GROUP BY username"),
    ] {
        let error = refusal(code, Dialect::Postgres, sql);
        assert!(matches!(error, RewriteError::Ambiguous { .. }), "{sql}: {error}");
    }
    // The name that the code was written with is certain.
    for (code, sql) in [
        (Side::To, "SELECT handle FROM users JOIN posts ON true"),
        (Side::From, "SELECT username FROM users JOIN posts ON true"),
    ] {
        assert!(sent_by(code, READ_TO, Dialect::Postgres, sql).is_ok(), "{sql}");
    }
}

#[test]
fn schema_changes_that_name_the_column() {
    for sql in [
        "CREATE INDEX i ON users (lower(username))",
        "CREATE TABLE users (id int, handle text)",
        "ALTER TABLE users RENAME COLUMN username TO handle",
        "ALTER TABLE users ADD CONSTRAINT c CHECK (username <> '')",
        "CREATE VIEW v AS SELECT username FROM users",
        "CREATE FUNCTION f() RETURNS text AS $$ SELECT username FROM users $$ LANGUAGE sql",
    ] {
        let error = refusal(Side::To, Dialect::Postgres, sql);
        assert!(matches!(error, RewriteError::Schema { .. }), "{sql}: {error}");
    }
}

#[test]
fn unreadable_text_is_quoted_without_its_literals() {
    for sql in [
        "SELECT username FROM users WHERE (email = 'secret'",
        "SELECT username FROM users WHERE email = 'secret' + + / 'secret'",
        "FROBNICATE users 'secret'",
        "SELECT 'secret' FROM users WHERE 'secret",
        "UPDATE users SET username 'secret'",
    ] {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb] {
            let error = refusal(Side::To, dialect, sql);
            assert!(matches!(error, RewriteError::Parse { .. }), "{sql}: {error}");
            let message = error.to_string();
            assert!(!message.contains("secret") && message.contains("users"), "{message}");
        }
    }
}

#[test]
fn stars_need_the_columns() {
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    let mut mapping = Mapping::default();
    mapping.add(&rename, READ_TO, Side::To, None, &[]);
    for sql in
        ["SELECT * FROM users", "INSERT INTO users VALUES (1)", "DELETE FROM users RETURNING *"]
    {
        let found = rewrite(sql, Dialect::Postgres, &mapping);
        assert!(found.is_err_and(|error| error.lacks_columns()), "{sql}");
    }
    let found = rewrite("SELECT count(*) FROM users", Dialect::Postgres, &mapping);
    assert_eq!(found, Ok(Rewrite::Untouched));
}
