//! Values that must be computed once, for columns that are written twice.

use super::*;

/// Checks a statement that stands on several lines for the reader, and is sent on one.
#[track_caller]
pub(super) fn becomes(state: State, dialect: Dialect, sql: &str, expect: &str) {
    check(state, dialect, &one_line(sql), &one_line(expect));
}

/// A value computed twice would leave two columns that differ; computed once for all rows, it would
/// give every row the same.
#[test]
fn a_volatile_value_is_computed_once_for_each_row() {
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        "UPDATE users AS u SET username = username || nextval('s'), email = $1",
        r#"
            UPDATE users AS u
            SET ("handle", "username") = (SELECT v, v
                FROM (SELECT username || nextval('s') AS v
                    WHERE "u".ctid IS NOT NULL OFFSET 0) AS x), email = $1
        "#,
    );
    becomes(
        READ_TO,
        Dialect::Postgres,
        r"
            INSERT INTO users (id, username)
            VALUES ($1, $2)
            ON CONFLICT (id) DO UPDATE
            SET username = excluded.username || random()
        ",
        r#"
            INSERT INTO users (id, "username", "handle")
            VALUES ($1, $2, $2)
            ON CONFLICT (id) DO UPDATE
            SET ("username", "handle") = (SELECT v, v
                FROM (SELECT excluded."handle" || random() AS v
                    WHERE "users".ctid IS NOT NULL OFFSET 0) AS x)
        "#,
    );
    becomes(
        DUAL_WRITE,
        Dialect::Sqlite,
        "UPDATE users AS u SET email = ?, username = ? || random(), id = ?",
        r"
            UPDATE users AS u
            SET email = ?,
                (`handle`, `username`) = (WITH once AS MATERIALIZED (SELECT ? || random() AS v
                    WHERE `u`.`username` IS `u`.`username`)
                SELECT v, v
                FROM once), id = ?
        ",
    );
    // `posts` may be a view.
    becomes(
        DUAL_WRITE,
        Dialect::Sqlite,
        "UPDATE users SET username = id IN posts",
        r"
            UPDATE users
            SET (`handle`, `username`) = (WITH once AS MATERIALIZED (SELECT id IN posts AS v
                    WHERE `users`.`username` IS `users`.`username`)
                SELECT v, v
                FROM once)
        ",
    );
    becomes(
        READ_TO,
        Dialect::MariaDb,
        "UPDATE users SET username = concat(?, uuid(), username), email = handle",
        r"
            UPDATE users
            SET `users`.`username` = concat(?, uuid(), `handle`), `users`.`handle` =
                `users`.`username`, email = handle
        ",
    );
    becomes(
        DUAL_WRITE,
        Dialect::MariaDb,
        r"
            INSERT INTO users (username)
            VALUES (?)
            ON DUPLICATE KEY UPDATE username = uuid()
        ",
        r"
            INSERT INTO users (`handle`, `username`)
            VALUES (?, ?)
            ON DUPLICATE KEY UPDATE `users`.`handle` = uuid(), `users`.`username` =
                `users`.`handle`
        ",
    );
}

/// Only the values that differ leave their row: DEFAULT and the types of parameters stay.
#[test]
fn a_volatile_value_is_inserted_twice() {
    let sql = r"
        INSERT INTO users (id, username)
        VALUES ($1, gen_random_uuid()),
            ($2, DEFAULT),
            (3, $3 || nextval('s'))
    ";
    becomes(
        READ_TO,
        Dialect::Postgres,
        sql,
        r#"
            WITH once0 AS MATERIALIZED (SELECT gen_random_uuid() AS v),
                once1 AS MATERIALIZED (SELECT $3 || nextval('s') AS v)
            INSERT INTO users (id, "username", "handle")
            VALUES ($1, (SELECT v FROM once0), (SELECT v FROM once0)),
                ($2, DEFAULT, DEFAULT),
                (3, (SELECT v FROM once1), (SELECT v FROM once1))
        "#,
    );
    becomes(WRITE_TO, Dialect::Postgres, sql, &sql.replace("username", "\"handle\""));
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        r"
            WITH once AS (SELECT username FROM users)
            INSERT INTO users (username)
            VALUES (f((SELECT username FROM once)))
        ",
        r#"
            WITH once AS (SELECT username FROM users),
                once_0 AS MATERIALIZED (SELECT f((SELECT username FROM once)) AS v)
            INSERT INTO users ("handle", "username")
            VALUES ((SELECT v FROM once_0), (SELECT v FROM once_0))
        "#,
    );
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        r"
            EXPLAIN (ANALYZE) INSERT INTO users
            WITH x AS (SELECT 1)
            VALUES (1, random())
        ",
        r#"
            EXPLAIN (ANALYZE) INSERT INTO users ("id", "handle", "username")
            WITH x AS (SELECT 1),
                once0 AS MATERIALIZED (SELECT random() AS v)
            VALUES (1, (SELECT v FROM once0), (SELECT v FROM once0))
        "#,
    );
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        r"
            WITH x AS (INSERT INTO users (handle) VALUES (random()) RETURNING handle)
            SELECT handle
            FROM x
        ",
        r#"
            WITH x AS (WITH once0 AS MATERIALIZED (SELECT random() AS v)
                INSERT INTO users ("handle", "username")
                VALUES ((SELECT v FROM once0), (SELECT v FROM once0))
                RETURNING "username" AS "handle")
            SELECT handle
            FROM x
        "#,
    );
    becomes(
        DUAL_WRITE,
        Dialect::MariaDb,
        "INSERT INTO users (username, email) VALUES (uuid(), ?), (?, 'x')",
        r"
            INSERT INTO users (`handle`, `username`, email)
            VALUES (uuid(), `handle`, ?),
                (?, ?, 'x')
        ",
    );
    let sql = "INSERT INTO users (id, username, email) VALUES (?, ? || random(), ?), (?, ?, ?)";
    let (_, values) = sent(DUAL_WRITE, Dialect::Sqlite, sql).unwrap();
    assert_eq!(values, Some(vec![1, 0, 2, 3, 4, 4, 5]));
}

#[test]
fn a_query_that_gives_unknown_or_volatile_values_is_computed_once() {
    let sql = r"
        INSERT INTO users (id, username)
        WITH x AS (SELECT 1)
        SELECT $1, random()
        FROM x
        ON CONFLICT DO NOTHING
    ";
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        sql,
        r#"
            INSERT INTO users (id, "handle", "username")
            WITH x AS (SELECT 1)
            SELECT $1, c1, c1
            FROM (SELECT * FROM (SELECT NULL, random() FROM x) AS y OFFSET 0) AS once(c0, c1)
            ON CONFLICT DO NOTHING
        "#,
    );
    becomes(WRITE_TO, Dialect::Postgres, sql, &sql.replace("username", "\"handle\""));
    becomes(
        READ_TO,
        Dialect::Sqlite,
        r"
            INSERT INTO users (username, id)
            SELECT *
            FROM posts
            WHERE id > ?
            RETURNING id
        ",
        r"
            INSERT INTO users (`username`, `handle`, id)
            WITH once(c0, c1) AS MATERIALIZED (SELECT * FROM posts WHERE id > ?)
            SELECT c0, c0, c1
            FROM once
            WHERE true
            RETURNING id
        ",
    );
    becomes(
        READ_TO,
        Dialect::MariaDb,
        "INSERT INTO users (username) (SELECT uuid() FROM posts LIMIT 2)",
        r"
            INSERT INTO users (`username`, `handle`)
            WITH once(c0) AS ((SELECT uuid() FROM posts LIMIT 2))
            SELECT c0, c0
            FROM once
        ",
    );
    becomes(
        READ_TO,
        Dialect::MariaDb,
        r"
            INSERT INTO users (username)
            SELECT uuid()
            FROM posts
            ON DUPLICATE KEY UPDATE handle =
            VALUES(handle), email = concat(`users`.username, 1)
        ",
        r"
            INSERT INTO users (`username`, `handle`)
            WITH once(c0) AS (SELECT uuid() FROM posts LIMIT 18446744073709551615)
            SELECT c0, c0
            FROM once
            ON DUPLICATE KEY UPDATE `username` =
            VALUES(handle), `handle` =
            VALUES(handle), email = concat(`users`.`handle`, 1)
        ",
    );
    becomes(
        READ_TO,
        Dialect::MariaDb,
        "INSERT INTO users (username) SELECT uuid() FROM posts ORDER BY id",
        r"
            INSERT INTO users (`username`, `handle`)
            WITH once(c0) AS (SELECT uuid() FROM posts ORDER BY id LIMIT 18446744073709551615)
            SELECT c0, c0
            FROM once
        ",
    );
}
