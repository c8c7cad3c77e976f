//! Inserts that name no column, and rows that are written as a whole.

use super::computed_once::becomes;
use super::*;

/// PostgreSQL makes a row the column's own type where it is written, and no other row.
#[test]
fn a_row_is_written_twice_where_its_values_are_the_same_each_time() {
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        "INSERT INTO users (id, handle) VALUES (1, ROW($1, lower('X')))",
        r#"
            INSERT INTO users (id, "handle", "username")
            VALUES (1, ROW($1, lower('X')), ROW($1, lower('X')))
        "#,
    );
}

/// Elsewhere than on PostgreSQL an insert by position gives each column a value.
#[test]
fn an_insert_by_position_gives_as_many_values_as_there_are_columns() {
    let sql = "INSERT INTO users SELECT p.*, ? FROM posts p WHERE id > ? ORDER BY 1";
    for (state, dialect, expect) in [
        (
            READ_TO,
            Dialect::Sqlite,
            r"
                INSERT INTO users (`id`, `username`, `handle`, `email`)
                WITH once(c0, c1, c2) AS MATERIALIZED (SELECT p.*, ?
                    FROM posts p
                    WHERE id > ?
                    ORDER BY 1)
                SELECT c0, c1, c1, c2
                FROM once
                WHERE true
            ",
        ),
        (
            DUAL_WRITE,
            Dialect::MariaDb,
            r"
                INSERT INTO users (`id`, `handle`, `username`, `email`)
                WITH once(c0, c1, c2) AS (SELECT p.*, ?
                    FROM posts p
                    WHERE id > ?
                    ORDER BY 1 LIMIT 18446744073709551615)
                SELECT c0, c1, c1, c2
                FROM once
            ",
        ),
        (
            PENDING,
            Dialect::MariaDb,
            r"
                INSERT INTO users (`id`, `username`, `email`)
                SELECT p.*, ?
                FROM posts p
                WHERE id > ?
                ORDER BY 1
            ",
        ),
        (
            CONTRACTED,
            Dialect::Sqlite,
            r"
                INSERT INTO users (`id`, `email`, `handle`)
                SELECT p.*, ?
                FROM posts p
                WHERE id > ?
                ORDER BY 1
            ",
        ),
    ] {
        becomes(state, dialect, sql, expect);
    }
    becomes(
        DUAL_WRITE,
        Dialect::MariaDb,
        "INSERT INTO users () VALUES (1, 'x', 'y')",
        r"
            INSERT INTO users (`id`, `handle`, `username`, `email`)
            VALUES (1, 'x', 'x', 'y')
        ",
    );
    // With a list of two columns it would be no error any more.
    for dialect in [Dialect::Sqlite, Dialect::MariaDb] {
        for sql in
            ["INSERT INTO users VALUES (1, 'x')", "INSERT INTO users SELECT 1, 'x', 'y', 'z'"]
        {
            let found = sent(CONTRACTED, dialect, sql);
            assert!(matches!(found, Err(RewriteError::Unsupported { .. })), "{sql}: {found:?}");
        }
    }
}

/// Where none is named, a generated column takes no value on SQLite, and one that is not visible
/// is not there on MariaDB.
#[test]
fn columns_that_have_to_be_named_are_left_out() {
    let of = |dialect, invisible: &[&str], generated: &[&str], sql: &str| {
        let names = |of: &[&str]| of.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let rename = ColumnPair {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let mut mapping = Mapping::default();
        let physical = names(&["id", "tag", "username", "handle"]);
        mapping.add(&rename, READ_TO, Side::To, None, &physical);
        mapping.leave_out(&rename, &names(invisible), &names(generated));
        rewrite(sql, dialect, &mapping)
    };
    let edited = |sql: &str| Ok(Rewrite::Edited { sql: sql.to_owned(), values: None });
    assert_eq!(
        of(Dialect::Sqlite, &[], &["tag"], "INSERT INTO users VALUES (1, 'x')"),
        edited("INSERT INTO users (`id`, `username`, `handle`) VALUES (1, 'x', 'x')")
    );
    assert_eq!(
        of(Dialect::Sqlite, &[], &["tag"], "SELECT * FROM users"),
        edited("SELECT `id`, `tag`, `handle` FROM users")
    );
    for (sql, expect) in [
        ("SELECT * FROM users", "SELECT `id`, `handle` FROM users"),
        (
            "INSERT INTO users VALUES (1, 'x')",
            "INSERT INTO users (`id`, `username`, `handle`) VALUES (1, 'x', 'x')",
        ),
    ] {
        assert_eq!(of(Dialect::MariaDb, &["tag"], &[], sql), edited(expect));
    }
    let joined = of(Dialect::MariaDb, &["tag"], &[], "SELECT tag FROM users NATURAL JOIN posts");
    assert!(matches!(joined, Err(RewriteError::Unsupported { .. })), "{joined:?}");
}
