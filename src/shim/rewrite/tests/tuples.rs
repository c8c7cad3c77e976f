//! `SET (a, b) = …`, where one of the columns is written twice.

use super::computed_once::becomes;
use super::*;

#[test]
fn a_tuple_takes_what_a_query_gives() {
    let sql = r"
        UPDATE users
        SET (email, username) = (SELECT a, b FROM posts LIMIT 1)
        WHERE id = 1
    ";
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        sql,
        r#"
            UPDATE users
            SET (email, "handle", "username") = (SELECT c0, c1, c1
                FROM (SELECT *
                    FROM (SELECT a, b FROM posts LIMIT 1) AS y OFFSET 0) AS x(c0, c1))
            WHERE id = 1
        "#,
    );
    becomes(
        READ_TO,
        Dialect::Sqlite,
        sql,
        r"
            UPDATE users
            SET (email, `username`, `handle`) = (WITH once(c0, c1) AS MATERIALIZED (SELECT a, b
                    FROM posts LIMIT 1)
                SELECT c0, c1, c1
                FROM once)
            WHERE id = 1
        ",
    );
}

/// Everything else in the tuple stays an assignment of its own, so parameters keep their types.
#[test]
fn a_volatile_element_of_a_tuple_is_an_assignment_of_its_own() {
    becomes(
        DUAL_WRITE,
        Dialect::Postgres,
        "UPDATE users SET id = 1, (email, username) = ROW($1, random()) WHERE id = 2",
        r#"
            UPDATE users
            SET id = 1, email = $1,
                ("handle", "username") = (SELECT v, v
                FROM (SELECT random() AS v WHERE "users".ctid IS NOT NULL OFFSET 0) AS x)
            WHERE id = 2
        "#,
    );
    let sql = "UPDATE users SET (username, email) = (? || random(), ?) WHERE id = ?";
    let (_, values) = sent(DUAL_WRITE, Dialect::Sqlite, sql).unwrap();
    assert_eq!(values, None);
}
