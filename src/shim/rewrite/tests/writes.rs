//! Writes, in each state.

use super::*;

/// Checks a write in each state: for one column written, for `handle, username`, and for
/// `username, handle`.
fn writes(dialect: Dialect, sql: &str, expect: [&str; 5]) {
    for (state, expect) in State::OF_A_RENAME.into_iter().zip(expect) {
        check(state, dialect, sql, expect);
    }
}

#[test]
fn inserts() {
    writes(
        Dialect::Sqlite,
        "INSERT INTO \"users\" (\"username\", \"email\") VALUES (?, ?) RETURNING \"id\", \"username\"",
        [
            "INSERT INTO \"users\" (`username`, \"email\") VALUES (?, ?) RETURNING \"id\", `username`",
            "INSERT INTO \"users\" (`handle`, `username`, \"email\") VALUES (?, ?, ?) RETURNING \"id\", `username`",
            "INSERT INTO \"users\" (`username`, `handle`, \"email\") VALUES (?, ?, ?) RETURNING \"id\", `handle` AS `username`",
            "INSERT INTO \"users\" (`handle`, \"email\") VALUES (?, ?) RETURNING \"id\", `handle` AS `username`",
            "INSERT INTO \"users\" (`handle`, \"email\") VALUES (?, ?) RETURNING \"id\", `handle` AS `username`",
        ],
    );
    writes(
        Dialect::Postgres,
        "INSERT INTO \"users\" (\"email\", \"handle\") VALUES ($1, $2), ($3, DEFAULT)",
        [
            "INSERT INTO \"users\" (\"email\", \"username\") VALUES ($1, $2), ($3, DEFAULT)",
            "INSERT INTO \"users\" (\"email\", \"handle\", \"username\") VALUES ($1, $2, $2), ($3, DEFAULT, DEFAULT)",
            "INSERT INTO \"users\" (\"email\", \"username\", \"handle\") VALUES ($1, $2, $2), ($3, DEFAULT, DEFAULT)",
            "INSERT INTO \"users\" (\"email\", \"handle\") VALUES ($1, $2), ($3, DEFAULT)",
            "INSERT INTO \"users\" (\"email\", \"handle\") VALUES ($1, $2), ($3, DEFAULT)",
        ],
    );
}

#[test]
fn inserts_from_queries_and_by_position() {
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "INSERT INTO users (id, username) SELECT id, lower(handle) AS h FROM users WHERE id > $1",
        "INSERT INTO users (id, \"handle\", \"username\") SELECT id, lower(\"username\") AS h, \
         lower(\"username\") FROM users WHERE id > $1",
    );
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "INSERT INTO users AS u SELECT 1, 'a', 'b' UNION SELECT 2, 'c', 'd'",
        "INSERT INTO users AS u (\"id\", \"handle\", \"username\", \"email\") \
         SELECT 1, 'a', 'a', 'b' UNION SELECT 2, 'c', 'c', 'd'",
    );
    check(
        CONTRACTED,
        Dialect::Sqlite,
        "INSERT INTO users VALUES (1, 'e', 'h')",
        "INSERT INTO users (`id`, `email`, `handle`) VALUES (1, 'e', 'h')",
    );
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "INSERT INTO users VALUES (1, 'a')",
        "INSERT INTO users (\"id\", \"handle\", \"username\") VALUES (1, 'a', 'a')",
    );
}

/// The second assignment read `users`.`handle`, which was the query's too.
#[test]
fn upserts_of_a_table_from_itself() {
    let sql = |value: &str| {
        format!(
            "INSERT INTO users (id) SELECT id FROM users ON DUPLICATE KEY UPDATE handle = {value}"
        )
    };
    assert!(sent(DUAL_WRITE, Dialect::MariaDb, &sql("uuid()")).is_err());
    // With a subquery of the same table the second assignment saw the value from before: a torn row.
    for sql in [
        "UPDATE users SET handle = (SELECT email FROM users t ORDER BY id LIMIT 1)",
        "UPDATE users SET handle = uuid() WHERE id IN (SELECT max(id) FROM `users`)",
        // It may be a view of the table: the column that is read took what the other one was before.
        "UPDATE users SET handle = uuid() WHERE id IN (SELECT max(id) FROM latest_users)",
    ] {
        assert!(sent(DUAL_WRITE, Dialect::MariaDb, sql).is_err(), "{sql}");
        assert!(sent(WRITE_TO, Dialect::MariaDb, sql).is_ok(), "{sql}");
    }
    check(
        DUAL_WRITE,
        Dialect::MariaDb,
        "UPDATE users SET users.handle = uuid()",
        "UPDATE users SET `users`.`handle` = uuid(), `users`.`username` = `users`.`handle`",
    );
    check(
        DUAL_WRITE,
        Dialect::MariaDb,
        &sql("EXISTS (SELECT * FROM posts)"),
        &sql("X").replace(
            "handle = X",
            "`handle` = EXISTS (SELECT * FROM posts), `username` = EXISTS (SELECT * FROM posts)",
        ),
    );
}

#[test]
fn upserts() {
    let sql = "INSERT INTO \"users\" (\"username\") VALUES ($1) ON CONFLICT (\"username\") DO UPDATE \
               SET \"username\" = \"excluded\".\"username\", \"email\" = $2 WHERE \"users\".\"handle\" <> $3";
    writes(
        Dialect::Postgres,
        sql,
        [
            &sql.replace("handle", "username"),
            "INSERT INTO \"users\" (\"handle\", \"username\") VALUES ($1, $1) ON CONFLICT (\"username\") \
             DO UPDATE SET \"handle\" = \"excluded\".\"username\", \"username\" = \"excluded\".\"username\", \
             \"email\" = $2 WHERE \"users\".\"username\" <> $3",
            "INSERT INTO \"users\" (\"username\", \"handle\") VALUES ($1, $1) ON CONFLICT (\"handle\") \
             DO UPDATE SET \"username\" = \"excluded\".\"handle\", \"handle\" = \"excluded\".\"handle\", \
             \"email\" = $2 WHERE \"users\".\"handle\" <> $3",
            &sql.replace("username", "handle"),
            &sql.replace("username", "handle"),
        ],
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "INSERT INTO users (username) VALUES ($1) ON CONFLICT (lower(username)) WHERE handle > 'a' DO NOTHING",
        "INSERT INTO users (\"username\", \"handle\") VALUES ($1, $1) \
         ON CONFLICT (lower(\"handle\")) WHERE handle > 'a' DO NOTHING",
    );
    check(
        DUAL_WRITE,
        Dialect::MariaDb,
        "INSERT INTO `users` (`handle`) VALUES (?) ON DUPLICATE KEY UPDATE `handle` = VALUES(`handle`)",
        "INSERT INTO `users` (`handle`, `username`) VALUES (?, ?) ON DUPLICATE KEY UPDATE \
         `handle` = VALUES(`username`), `username` = VALUES(`username`)",
    );
}

#[test]
fn updates() {
    writes(
        Dialect::Sqlite,
        "UPDATE \"users\" SET \"email\" = ?, \"username\" = ? || \"handle\" WHERE \"users\".\"id\" = ?",
        [
            "UPDATE \"users\" SET \"email\" = ?, `username` = ? || `username` WHERE \"users\".\"id\" = ?",
            "UPDATE \"users\" SET \"email\" = ?, `handle` = ? || `username`, `username` = ? || `username` WHERE \"users\".\"id\" = ?",
            "UPDATE \"users\" SET \"email\" = ?, `username` = ? || `handle`, `handle` = ? || `handle` WHERE \"users\".\"id\" = ?",
            "UPDATE \"users\" SET \"email\" = ?, `handle` = ? || `handle` WHERE \"users\".\"id\" = ?",
            "UPDATE \"users\" SET \"email\" = ?, `handle` = ? || `handle` WHERE \"users\".\"id\" = ?",
        ],
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "UPDATE users u SET handle = p.name, email = u.username FROM people p WHERE p.id = u.id RETURNING u.*, p.*",
        "UPDATE users u SET \"username\" = p.name, \"handle\" = p.name, email = u.\"handle\" \
         FROM people p WHERE p.id = u.id RETURNING u.\"id\", u.\"handle\", u.\"email\", p.*",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "UPDATE users SET (email, username) = ('x', $1)",
        "UPDATE users SET (email, \"username\", \"handle\") = ('x', $1, $1)",
    );
    check(
        DUAL_WRITE,
        Dialect::MariaDb,
        "UPDATE users SET username = concat(username, 'x') ORDER BY username LIMIT 3",
        "UPDATE users SET `handle` = concat(username, 'x'), `username` = concat(username, 'x') \
         ORDER BY username LIMIT 3",
    );
}

#[test]
fn both_names_set_to_one_value_are_one_assignment() {
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "UPDATE users SET username = $1, handle = $1, email = $2",
        "UPDATE users SET \"handle\" = $1, \"username\" = $1, email = $2",
    );
    check(
        CONTRACTED,
        Dialect::Postgres,
        "UPDATE users SET username = lower('A'), email = $2 , handle = lower('A') WHERE id = 1",
        "UPDATE users SET \"handle\" = lower('A'), email = $2  WHERE id = 1",
    );
}

#[test]
fn values_follow_their_placeholders() {
    for (sql, values) in [
        ("INSERT INTO users (email, username) VALUES (?, ?), (?, ?)", vec![0, 1, 1, 2, 3, 3]),
        ("UPDATE users SET username = ?, email = ? WHERE id = ?", vec![0, 0, 1, 2]),
        ("UPDATE users SET username = substr(?, ?), email = ?", vec![0, 1, 0, 1, 2]),
        ("SELECT ? FROM users; UPDATE users SET username = ?; SELECT ?", vec![0, 1, 1, 2]),
    ] {
        for dialect in [Dialect::Sqlite, Dialect::MariaDb] {
            let (text, found) = sent(DUAL_WRITE, dialect, sql).unwrap();
            assert_eq!(found.as_ref(), Some(&values), "{text}");
            assert_eq!(text.matches('?').count(), values.len(), "{text}");
        }
    }
    let (_, values) = sent(READ_TO, Dialect::Sqlite, "SELECT username, ? FROM users").unwrap();
    assert_eq!(values, None);
    let (text, values) =
        sent(DUAL_WRITE, Dialect::Sqlite, "UPDATE users SET username = ?2, email = :e").unwrap();
    assert_eq!(text, "UPDATE users SET `handle` = ?2, `username` = ?2, email = :e");
    assert_eq!(values, None);
}

#[test]
fn deletes_and_writes_in_queries() {
    check(
        READ_TO,
        Dialect::Postgres,
        "DELETE FROM users u USING posts p WHERE p.name = u.username RETURNING u.username, p.id",
        "DELETE FROM users u USING posts p WHERE p.name = u.\"handle\" \
         RETURNING u.\"handle\" AS \"username\", p.id",
    );
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "WITH x AS (INSERT INTO users (handle) VALUES ($1) RETURNING *), \
         y AS (UPDATE users SET username = $2 RETURNING id) SELECT x.username FROM x, y",
        "WITH x AS (INSERT INTO users (\"handle\", \"username\") VALUES ($1, $1) \
         RETURNING \"id\", \"username\" AS \"handle\", \"email\"), \
         y AS (UPDATE users SET \"handle\" = $2, \"username\" = $2 RETURNING id) \
         SELECT x.\"handle\" AS \"username\" FROM x, y",
    );
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "REPLACE INTO users (id, handle) VALUES (1, 'a')",
        "REPLACE INTO users (id, `handle`, `username`) VALUES (1, 'a', 'a')",
    );
}

#[test]
fn merges() {
    writes(
        Dialect::Postgres,
        "MERGE INTO users AS u USING (SELECT handle AS n FROM users) AS s ON u.handle = s.n \
         WHEN MATCHED AND u.handle > $1 THEN UPDATE SET handle = s.n, email = u.handle \
         WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, handle) VALUES (1, s.n)",
        [
            "MERGE INTO users AS u USING (SELECT \"username\" AS n FROM users) AS s ON u.\"username\" = s.n \
             WHEN MATCHED AND u.\"username\" > $1 THEN UPDATE SET \"username\" = s.n, email = u.\"username\" \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, \"username\") VALUES (1, s.n)",
            "MERGE INTO users AS u USING (SELECT \"username\" AS n FROM users) AS s ON u.\"username\" = s.n \
             WHEN MATCHED AND u.\"username\" > $1 THEN UPDATE SET \"handle\" = s.n, \"username\" = s.n, email = u.\"username\" \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, \"handle\", \"username\") VALUES (1, s.n, s.n)",
            "MERGE INTO users AS u USING (SELECT handle AS n FROM users) AS s ON u.handle = s.n \
             WHEN MATCHED AND u.handle > $1 THEN UPDATE SET \"username\" = s.n, \"handle\" = s.n, email = u.handle \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, \"username\", \"handle\") VALUES (1, s.n, s.n)",
            "MERGE INTO users AS u USING (SELECT handle AS n FROM users) AS s ON u.handle = s.n \
             WHEN MATCHED AND u.handle > $1 THEN UPDATE SET handle = s.n, email = u.handle \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, handle) VALUES (1, s.n)",
            "MERGE INTO users AS u USING (SELECT handle AS n FROM users) AS s ON u.handle = s.n \
             WHEN MATCHED AND u.handle > $1 THEN UPDATE SET handle = s.n, email = u.handle \
             WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, handle) VALUES (1, s.n)",
        ],
    );
}
