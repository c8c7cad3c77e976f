//! Properties of a text that the parser finds beside its columns: they decide whether it is sent again.

use super::*;
use crate::shim::known_columns::KnownColumns;
use crate::shim::rewrite::{TextProperties, analyze, is_atomic};

const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb];

fn properties(dialect: Dialect, sql: &str) -> Option<TextProperties> {
    let mapping = mapping(DUAL_WRITE, dialect, Side::To);
    analyze(sql, dialect, &mapping, &KnownColumns::default())
        .unwrap_or_else(|error| panic!("{dialect}: {error}"))
        .properties
}

#[test]
fn a_text_that_names_no_mapped_table_is_not_parsed() {
    for dialect in ALL {
        assert_eq!(properties(dialect, "this is no SQL"), None);
    }
}

#[test]
fn statements_are_counted() {
    for (sql, statements) in [
        ("SELECT handle FROM users", 1),
        (" ; SELECT ';' FROM users ; ; -- done; really", 1),
        ("DELETE FROM users; UPDATE users SET handle = 'x'", 2),
        ("SELECT 1; SELECT id FROM users; SELECT 2", 3),
    ] {
        for dialect in ALL {
            let found = properties(dialect, sql).unwrap();
            assert_eq!(found.statements, statements, "{dialect}: {sql}");
            assert_eq!(found.is_atomic(), statements == 1, "{dialect}: {sql}");
        }
    }
}

#[test]
fn an_upsert_is_found_wherever_it_is() {
    for (dialect, sql, has_upsert) in [
        (
            Dialect::Postgres,
            "INSERT INTO users (handle) VALUES ('a')
             ON CONFLICT (handle) DO UPDATE SET handle = 'b'",
            true,
        ),
        (Dialect::Sqlite, "INSERT INTO users (handle) VALUES ('a') ON CONFLICT DO NOTHING", true),
        (
            Dialect::MariaDb,
            "INSERT INTO users (handle) VALUES ('a') ON DUPLICATE KEY UPDATE handle = 'b'",
            true,
        ),
        (
            Dialect::Postgres,
            "WITH new AS (INSERT INTO users (handle) VALUES ('a')
                          ON CONFLICT (lower(handle)) DO NOTHING RETURNING id)
             SELECT id FROM new",
            true,
        ),
        // A text that merely says so.
        (Dialect::Postgres, "INSERT INTO users (handle) VALUES ('on conflict')", false),
        (Dialect::MariaDb, "REPLACE INTO users (handle) VALUES ('a')", false),
    ] {
        assert_eq!(properties(dialect, sql).unwrap().has_upsert, has_upsert, "{dialect}: {sql}");
    }
}

/// The tokens are asked of a text that is not parsed: both must say the same.
#[test]
fn the_parser_and_the_tokens_agree_on_what_is_atomic() {
    for (dialect, sql, atomic) in [
        (Dialect::Sqlite, "INSERT OR FAIL INTO users (id) VALUES (1), (1)", false),
        (Dialect::Sqlite, "WITH x AS (SELECT 1) INSERT OR FAIL INTO users (id) SELECT 1", false),
        (Dialect::Sqlite, "UPDATE OR FAIL users SET handle = 'x'", false),
        (Dialect::Sqlite, "INSERT OR IGNORE INTO users (id) VALUES (1), (1)", true),
        (Dialect::Postgres, "SELECT id FROM users WHERE handle = $$a; b$$", true),
        (Dialect::Postgres, "VACUUM users; ANALYZE users", false),
        (Dialect::MariaDb, "OPTIMIZE TABLE users;", true),
        (Dialect::MariaDb, "SELECT 'a\\'; b', handle FROM users", true),
    ] {
        let found = properties(dialect, sql).unwrap();
        assert_eq!(found.is_atomic(), atomic, "{dialect}: {sql}");
        assert_eq!(is_atomic(sql, dialect), atomic, "{dialect}: {sql}");
    }
}

#[test]
fn the_tables_that_a_statement_opens_are_found() {
    for (sql, opens) in [
        ("SELECT id, handle, email FROM users WHERE id = $1", 1),
        ("SELECT id FROM posts WHERE EXISTS (SELECT 1 FROM users)", 1),
        ("INSERT INTO users (handle) VALUES ('a')", 1),
        ("UPDATE users SET handle = 'a'", 1),
        ("DELETE FROM users", 1),
        ("WITH users AS (SELECT 1 AS id) SELECT id FROM users", 0),
        ("SELECT 'users'", 0),
    ] {
        let mut mapping = mapping(State::Announced, Dialect::Postgres, Side::To);
        mapping.unsettle(&rename());
        let found = analyze(sql, Dialect::Postgres, &mapping, &KnownColumns::default())
            .unwrap()
            .properties
            .unwrap();
        assert_eq!(found.opens.0, opens, "{sql}");
    }
}
