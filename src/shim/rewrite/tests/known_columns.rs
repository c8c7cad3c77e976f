//! Bare names that may be a column of a table without a renamed one, whose columns are known or not.

use super::*;
use crate::shim::known_columns::{KnownColumns, TableColumns};
use crate::shim::rewrite::analyze;

fn columns(names: &[&str], unlisted: &[&str]) -> TableColumns {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    TableColumns { names: owned(names), unlisted: owned(unlisted) }
}

/// `posts` has neither name of the renamed column, `tags` has `username`, and `notes` has `handle`.
fn known() -> KnownColumns {
    let mut known = KnownColumns::default();
    known.insert("posts".parse().unwrap(), columns(&["id", "title", "author"], &[]));
    known.insert("tags".parse().unwrap(), columns(&["id", "username"], &["hidden"]));
    known.insert("app.notes".parse().unwrap(), columns(&["id", "handle"], &[]));
    known.insert("shy".parse().unwrap(), columns(&["id", "username"], &["username"]));
    known
}

fn sent_knowing(
    code: Side,
    state: State,
    dialect: Dialect,
    sql: &str,
) -> Result<String, RewriteError> {
    let mapping = mapping(state, dialect, code);
    Ok(match analyze(sql, dialect, &mapping, &known())?.rewrite {
        Rewrite::Untouched => sql.to_owned(),
        Rewrite::Edited { sql, .. } => sql,
    })
}

fn becomes(code: Side, sql: &str, expect: &str) {
    let found = sent_knowing(code, DUAL_WRITE, Dialect::Postgres, sql);
    assert_eq!(found.as_deref(), Ok(expect), "{code:?}: {sql}");
}

/// The tables whose columns a refusal asks for.
fn asked(code: Side, sql: &str) -> Vec<String> {
    let error = sent_by(code, DUAL_WRITE, Dialect::Postgres, sql).unwrap_err();
    error.undecided_tables().iter().map(ToString::to_string).collect()
}

#[test]
fn a_refusal_says_which_tables_columns_would_decide() {
    for (code, sql, expect) in [
        (
            Side::From,
            "DELETE FROM users WHERE id IN (SELECT author FROM posts WHERE username = 'x')",
            vec!["posts"],
        ),
        (
            Side::To,
            "SELECT username FROM users JOIN posts ON true JOIN app.notes ON true",
            vec!["posts", "app.notes"],
        ),
        (
            Side::To,
            "SELECT 1 FROM tags WHERE EXISTS (SELECT 1 FROM users WHERE username = tags.id)",
            vec!["tags"],
        ),
        (
            Side::From,
            "SELECT id FROM users WHERE id = (SELECT id FROM (SELECT * FROM posts) p WHERE username = '')",
            vec!["posts"],
        ),
        // It may be ambiguous further out, but need not be looked for there.
        (
            Side::From,
            "SELECT 1 FROM users a, users b WHERE EXISTS (SELECT 1 FROM tags WHERE username = '')",
            vec!["tags"],
        ),
        // A common table expression and a subquery are no tables.
        (
            Side::From,
            "WITH posts AS (SELECT id FROM tags) SELECT 1 FROM users WHERE EXISTS \
             (SELECT 1 FROM posts, (SELECT 1 AS n) AS t, \"Notes\" WHERE username = 'x')",
            vec!["Notes"],
        ),
        // No columns decide these.
        (Side::To, "SELECT username FROM users a JOIN users b ON true", vec![]),
        (Side::To, "SELECT username FROM users, f() AS posts", vec![]),
    ] {
        assert_eq!(asked(code, sql), expect, "{sql}");
    }
}

#[test]
fn a_name_that_the_inner_table_does_not_have_is_the_renamed_column() {
    for code in [Side::From, Side::To] {
        for name in ["username", "handle"] {
            becomes(
                code,
                &format!("DELETE FROM users WHERE id IN (SELECT id FROM posts WHERE {name} = 'x')"),
                "DELETE FROM users WHERE id IN (SELECT id FROM posts WHERE users.\"username\" = 'x')",
            );
        }
    }
    becomes(
        Side::From,
        "SELECT id FROM users u WHERE EXISTS (SELECT * FROM (SELECT * FROM posts) p WHERE handle = '')",
        "SELECT id FROM users u WHERE EXISTS \
         (SELECT * FROM (SELECT * FROM posts) p WHERE u.\"username\" = '')",
    );
    becomes(
        Side::From,
        "SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM posts AS p(a) WHERE handle = '')",
        "SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM posts AS p(a) WHERE u.\"username\" = '')",
    );
}

#[test]
fn a_name_that_the_inner_table_has_is_its_column() {
    for code in [Side::From, Side::To] {
        becomes(
            code,
            "DELETE FROM users WHERE id IN (SELECT id FROM tags WHERE username = 'x')",
            "DELETE FROM users WHERE id IN (SELECT id FROM tags WHERE tags.username = 'x')",
        );
        // Without a renamed column around it, it stays as it is.
        becomes(
            code,
            "SELECT 1 FROM users JOIN posts ON true WHERE 1 IN (SELECT id FROM tags t WHERE username = 'x') \
             AND handle = ''",
            "SELECT 1 FROM users JOIN posts ON true WHERE 1 IN (SELECT id FROM tags t WHERE t.username = 'x') \
             AND users.\"username\" = ''",
        );
    }
    becomes(
        Side::From,
        "SELECT 1 FROM users a, users b WHERE EXISTS (SELECT 1 FROM tags WHERE username = '')",
        "SELECT 1 FROM users a, users b WHERE EXISTS (SELECT 1 FROM tags WHERE tags.username = '')",
    );
    // What a subquery shows.
    becomes(
        Side::To,
        "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM (SELECT * FROM tags) t WHERE username = '')",
        "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM (SELECT * FROM tags) t WHERE username = '')",
    );
    becomes(
        Side::To,
        "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM (SELECT * FROM shy) t WHERE username = '')",
        "SELECT id FROM users WHERE EXISTS \
         (SELECT 1 FROM (SELECT * FROM shy) t WHERE users.\"username\" = '')",
    );
    // `AS t(a, b)` takes the name away.
    becomes(
        Side::To,
        "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM tags AS t(a, b) WHERE username = '')",
        "SELECT id FROM users WHERE EXISTS \
         (SELECT 1 FROM tags AS t(a, b) WHERE users.\"username\" = '')",
    );
}

/// In the schema that the code was written for, `users` has only the name of its own release. The
/// database shows both names now, and would call the bare one ambiguous.
#[test]
fn a_name_that_only_a_neighbour_has_for_the_code_is_written_with_its_table() {
    becomes(
        Side::To,
        "SELECT username, handle FROM users JOIN tags USING (id) WHERE lower(username) = $1",
        "SELECT tags.username, users.\"username\" AS \"handle\" FROM users JOIN tags USING (id) \
         WHERE lower(tags.username) = $1",
    );
    becomes(
        Side::From,
        "UPDATE users SET email = handle FROM app.notes n WHERE n.id = users.id AND username = ''",
        "UPDATE users SET email = n.handle FROM app.notes n \
         WHERE n.id = users.id AND users.\"username\" = ''",
    );
    // The database would not know which one is meant either.
    for (code, sql) in [
        (Side::From, "SELECT username FROM users JOIN tags ON true JOIN posts ON handle = ''"),
        (Side::To, "SELECT username FROM users, tags, tags t"),
        (Side::To, "SELECT 1 FROM tags WHERE EXISTS (SELECT 1 FROM users WHERE username = '')"),
        // `users.username` would be a column of `posts`.
        (
            Side::To,
            "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM posts AS users WHERE handle = '')",
        ),
    ] {
        let error = sent_knowing(code, DUAL_WRITE, Dialect::Postgres, sql).unwrap_err();
        assert!(matches!(error, RewriteError::Ambiguous { .. }), "{sql}: {error}");
        assert_eq!(error.undecided_tables(), [], "{sql}");
    }
}

#[test]
fn statements_that_write_bind_their_names_the_same_way() {
    for (sql, expect) in [
        (
            "INSERT INTO posts (title) SELECT username FROM users, posts",
            "INSERT INTO posts (title) SELECT users.\"handle\" FROM users, posts",
        ),
        (
            "DELETE FROM users USING posts WHERE username = title",
            "DELETE FROM users USING posts WHERE users.\"handle\" = title",
        ),
        (
            "UPDATE posts SET title = username FROM users WHERE author = users.id",
            "UPDATE posts SET title = users.\"handle\" FROM users WHERE author = users.id",
        ),
        (
            "MERGE INTO posts USING users ON author = username WHEN MATCHED THEN UPDATE SET title = username",
            "MERGE INTO posts USING users ON author = users.\"handle\" \
             WHEN MATCHED THEN UPDATE SET title = users.\"handle\"",
        ),
        (
            "SELECT title FROM posts, LATERAL (SELECT username AS n FROM users) u",
            "SELECT title FROM posts, LATERAL (SELECT users.\"handle\" AS n FROM users) u",
        ),
    ] {
        let found = sent_knowing(Side::To, READ_TO, Dialect::Postgres, sql);
        assert_eq!(found.as_deref(), Ok(expect), "{sql}");
    }
    let sql = "UPDATE users u JOIN tags t ON true SET username = 'x'";
    let found = sent_knowing(Side::To, READ_TO, Dialect::MariaDb, sql);
    assert!(matches!(found, Err(RewriteError::Ambiguous { .. })), "{found:?}");
}

/// A table of SQLite has a row id under each of its names that no column takes.
#[test]
fn a_name_of_the_row_id_stays_uncertain() {
    let mut mapping = Mapping::default();
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("oid").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    let physical = ["id", "oid"].map(str::to_owned);
    mapping.add(&rename, PENDING, Side::From, Some("main"), &physical);
    let sql = "SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE oid = 1)";
    let error = analyze(sql, Dialect::Sqlite, &mapping, &known()).unwrap_err();
    assert!(matches!(error, RewriteError::Ambiguous { .. }) && error.undecided_tables().is_empty());
}

/// SQLite takes a double-quoted name that no table has for a string, but not one behind a table's name.
#[test]
fn a_double_quoted_name_of_sqlite_becomes_no_string() {
    for (sql, expect) in [
        (
            "DELETE FROM users WHERE id IN (SELECT id FROM tags WHERE \"username\" = \"x\")",
            "DELETE FROM users WHERE id IN (SELECT id FROM tags WHERE tags.\"username\" = \"x\")",
        ),
        (
            "DELETE FROM users WHERE id IN (SELECT id FROM posts WHERE \"username\" = \"x\")",
            "DELETE FROM users WHERE id IN (SELECT id FROM posts WHERE users.`username` = \"x\")",
        ),
    ] {
        let found = sent_knowing(Side::From, DUAL_WRITE, Dialect::Sqlite, sql);
        assert_eq!(found.as_deref(), Ok(expect));
    }
}
