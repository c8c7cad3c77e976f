//! Changes of the schema that name a renamed column while there is only one.

use super::*;

const PENDING: State = State::Pending;

#[test]
fn either_name_means_the_column_that_is_there() {
    for (state, sql, expect) in [
        (PENDING, "CREATE INDEX i ON users (username)", None),
        (
            PENDING,
            "CREATE UNIQUE INDEX i ON users (handle DESC, lower(handle)) WHERE handle <> 'x'",
            Some(
                "CREATE UNIQUE INDEX i ON users (\"username\" DESC, lower(\"username\")) WHERE \
                 \"username\" <> 'x'",
            ),
        ),
        (
            PENDING,
            "CREATE INDEX i ON users (email) INCLUDE (handle)",
            Some("CREATE INDEX i ON users (email) INCLUDE (\"username\")"),
        ),
        (
            CONTRACTED,
            "ALTER TABLE users ADD CONSTRAINT c CHECK (username <> ''), ADD UNIQUE (username)",
            Some(
                "ALTER TABLE users ADD CONSTRAINT c CHECK (\"handle\" <> ''), ADD UNIQUE (\"handle\")",
            ),
        ),
        (
            CONTRACTED,
            "ALTER TABLE users ALTER COLUMN username SET NOT NULL",
            Some("ALTER TABLE users ALTER COLUMN \"handle\" SET NOT NULL"),
        ),
        (
            CONTRACTED,
            "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (username)",
            Some("ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (\"handle\")"),
        ),
        (
            CONTRACTED,
            "COMMENT ON COLUMN users.username IS 'x'",
            Some("COMMENT ON COLUMN users.\"handle\" IS 'x'"),
        ),
        (
            CONTRACTED,
            "CREATE VIEW v AS SELECT username FROM users",
            Some("CREATE VIEW v AS SELECT \"handle\" AS \"username\" FROM users"),
        ),
    ] {
        let found = sent_by(Side::To, state, Dialect::Postgres, sql);
        let expect = expect.unwrap_or(sql);
        assert_eq!(found, Ok((expect.to_owned(), None)), "{sql}");
    }
}

#[test]
fn a_new_column_does_not_get_the_columns_other_name() {
    for (state, sql) in [
        (PENDING, "ALTER TABLE users ADD COLUMN handle text"),
        (PENDING, "ALTER TABLE users RENAME COLUMN username TO handle"),
        // The name is that of the index, too.
        (PENDING, "CREATE INDEX handle ON users (handle)"),
        (CONTRACTED, "ALTER TABLE users ADD COLUMN username text"),
        (CONTRACTED, "ALTER TABLE users DROP COLUMN username"),
        (CONTRACTED, "ALTER TABLE users DROP COLUMN handle"),
        (CONTRACTED, "CREATE TABLE users (id int, username text)"),
        (READ_TO, "CREATE INDEX i ON users (handle)"),
        (DUAL_WRITE, "CREATE INDEX i ON users (username)"),
    ] {
        let found = sent_by(Side::To, state, Dialect::Postgres, sql);
        assert!(matches!(found, Err(RewriteError::Schema { .. })), "{sql}: {found:?}");
    }
}

/// As schema-sync does it, and the app's own migrations.
#[test]
fn a_table_that_is_not_there_yet_is_made_as_the_code_says() {
    let mut mapping = Mapping::default();
    mapping.add(&rename(), PENDING, Side::To, None, &[]);
    let sql = "CREATE TABLE users (id int, handle text)";
    assert_eq!(rewrite(sql, Dialect::Postgres, &mapping), Ok(Rewrite::Untouched));
}
