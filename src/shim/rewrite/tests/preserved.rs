//! Text that need not change stays the same, byte for byte.

use super::*;

#[test]
fn statements_that_concern_no_renamed_column_are_untouched() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        for sql in [
            "SELECT * FROM posts WHERE username = 'x'",
            "SELECT id, email FROM users WHERE id = 1",
            "SELECT count(*) FROM users",
            "SELECT posts.username FROM users JOIN posts ON posts.user_id = users.id",
            "SELECT x.username FROM (SELECT 1 AS username) x, users",
            "WITH users AS (SELECT 1 AS username) SELECT username FROM users",
            "SELECT username FROM other.users",
            "SELECT 'users', username FROM posts",
            "UPDATE users SET email = 'username' WHERE id = 1",
            "INSERT INTO users (id, email) VALUES (1, 'handle')",
            "INSERT INTO users DEFAULT VALUES",
            "DELETE FROM users",
            "DROP TABLE users",
            "CREATE INDEX by_email ON users (email)",
            "ALTER TABLE users ADD COLUMN age integer",
            "BEGIN; DELETE FROM users; COMMIT",
            ";;",
        ] {
            for state in State::OF_A_RENAME {
                let mapping = mapping(state, dialect, Side::To);
                let found = rewrite(sql, dialect, &mapping);
                assert_eq!(found, Ok(Rewrite::Untouched), "{state} {dialect}: {sql}");
            }
        }
    }
}

/// The parser does not know all of these.
#[test]
fn what_looks_after_a_table_is_untouched_where_it_names_no_column() {
    for (dialect, sql) in [
        (Dialect::Postgres, "VACUUM (ANALYZE, VERBOSE) users; SELECT 1"),
        (Dialect::Postgres, "REINDEX TABLE CONCURRENTLY users"),
        (Dialect::Postgres, "NOTIFY users, 'username'"),
        (Dialect::Sqlite, "REINDEX users"),
        (Dialect::MariaDb, "CHECK TABLE users FAST; SHOW INDEX FROM users"),
        (Dialect::MariaDb, "DO RELEASE_LOCK('users')"),
    ] {
        assert_eq!(sent(READ_TO, dialect, sql), Ok((sql.to_owned(), None)));
    }
    for (dialect, sql) in [
        (Dialect::Postgres, "VACUUM ANALYZE users (username)"),
        (Dialect::MariaDb, "SHOW FULL COLUMNS FROM users LIKE 'handle'"),
        (Dialect::MariaDb, "DO (SELECT max(handle) FROM users)"),
    ] {
        let found = sent(READ_TO, dialect, sql);
        assert!(matches!(found, Err(RewriteError::Schema { .. })), "{sql}: {found:?}");
    }
    let sql = "CLUSTER users USING by_id; SELECT username FROM users";
    let after = "CLUSTER users USING by_id; SELECT \"handle\" AS \"username\" FROM users";
    check(READ_TO, Dialect::Postgres, sql, after);
}

#[test]
fn physical_names_are_untouched_but_on_sqlite() {
    let sql = "SELECT \"u\".\"handle\", handle, Handle FROM users u ORDER BY handle";
    for state in [READ_TO, WRITE_TO, CONTRACTED] {
        check(state, Dialect::Postgres, sql, sql);
        let sql = "SELECT u.`handle` FROM users u WHERE HANDLE > 1";
        check(state, Dialect::MariaDb, sql, sql);
        check(
            state,
            Dialect::Sqlite,
            "SELECT \"handle\", `handle` FROM users ORDER BY \"handle\"",
            "SELECT `handle`, `handle` FROM users ORDER BY `handle`",
        );
    }
}

#[test]
fn spacing_comments_and_other_literals_stay() {
    check(
        READ_TO,
        Dialect::Postgres,
        "/* username */ SELECT\tu.username\r\n,'username''s ü😀' , -- \"username\"\n E'\\n'\
         ,$$username$$ FROM  users/**/AS u\r\nWHERE\r\n'é' < u . username ;  ",
        "/* username */ SELECT\tu.\"handle\" AS \"username\"\r\n,'username''s ü😀' , -- \"username\"\n \
         E'\\n',$$username$$ FROM  users/**/AS u\r\nWHERE\r\n'é' < u . \"handle\" ;  ",
    );
}

#[test]
fn a_comment_never_swallows_what_is_added() {
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "UPDATE users SET username -- c\n = lower( -- d\n ?) -- e\n, email = 'x'",
        "UPDATE users SET `handle` -- c\n = lower( -- d\n ?), `username` -- c\n = lower( -- d\n ?) \
         -- e\n, email = 'x'",
    );
    check(
        READ_TO,
        Dialect::Sqlite,
        "INSERT INTO users (username -- a\n) VALUES (1 -- b\n)",
        "INSERT INTO users (`username`, `handle` -- a\n) VALUES (1, 1 -- b\n)",
    );
}

#[test]
fn names_with_any_characters_are_found_and_quoted() {
    let rename = ColumnPair {
        table: "\"we\"\"ird ü\"".parse().unwrap(),
        from: Identifier::new("na\"me").unwrap(),
        to: Identifier::new("имя`").unwrap(),
    };
    for (dialect, sql, expect) in [
        (
            Dialect::Postgres,
            "SELECT '😀', \"we\"\"ird ü\".\"na\"\"me\" FROM \"we\"\"ird ü\"",
            "SELECT '😀', \"we\"\"ird ü\".\"имя`\" AS \"na\"\"me\" FROM \"we\"\"ird ü\"",
        ),
        (
            Dialect::Sqlite,
            "SELECT [na\"me], `имя``` FROM \"we\"\"ird ü\"",
            "SELECT `имя``` AS `na\"me`, `имя``` FROM \"we\"\"ird ü\"",
        ),
    ] {
        let mut mapping = Mapping::default();
        mapping.add(&rename, READ_TO, Side::To, None, &[]);
        let expect = Rewrite::Edited { sql: expect.to_owned(), values: None };
        assert_eq!(rewrite(sql, dialect, &mapping), Ok(expect));
    }
}

#[test]
fn case_is_folded_as_the_database_does() {
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT \"Username\" FROM users",
        "SELECT \"Username\" FROM users",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT username FROM \"Users\"",
        "SELECT username FROM \"Users\"",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT USERNAME FROM USERS",
        "SELECT \"handle\" AS \"username\" FROM USERS",
    );
    check(
        READ_TO,
        Dialect::Sqlite,
        "SELECT \"USERNAME\" FROM \"USERS\"",
        "SELECT `handle` AS `username` FROM \"USERS\"",
    );
    check(
        READ_TO,
        Dialect::MariaDb,
        "SELECT UserName FROM USERS",
        "SELECT `handle` AS `UserName` FROM USERS",
    );
}
