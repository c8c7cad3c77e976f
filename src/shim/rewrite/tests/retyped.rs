//! A column that gets another type: code of either type, in every state.

use super::{CONTRACTED, DUAL_WRITE, PENDING, READ_TO, Sent, WRITE_TO, one_line};
use crate::Dialect;
use crate::model::{ColumnPair, Conversion, Expressions, Identifier, Side, State};
use crate::shim::mapping::Mapping;
use crate::shim::retyped::Retyped;
use crate::shim::rewrite::{Rewrite, rewrite};

/// `users.age`, an integer, becomes a bigint; while there are two columns, the second one is `age_bigint`.
pub(super) fn mapping(state: State, dialect: Dialect, typed: Side) -> Mapping {
    let (from, second) = ("age".parse::<Identifier>().unwrap(), "age_bigint".parse().unwrap());
    let to = if state == State::Contracted { from.clone() } else { second };
    let mut physical = vec!["id".to_owned(), "age".to_owned(), "email".to_owned()];
    if state.columns().from && state.columns().to {
        physical.push("age_bigint".to_owned());
    }
    let table = "users".parse().unwrap();
    let columns = ColumnPair { table, from: from.clone(), to };
    let (using, back) = match dialect {
        Dialect::Postgres => ("CAST(age AS bigint)", "CAST(age AS integer)"),
        _ => ("age * 10", "age / 10"),
    };
    let conversion = Conversion {
        from_type: "integer".to_owned(),
        to_type: "bigint".to_owned(),
        expressions: Expressions { using: using.to_owned(), back: back.to_owned() },
        at_once: false,
    };
    let mut mapping = Mapping::default();
    mapping.add(&columns, state, Side::From, None, &physical);
    mapping.retype(&columns, Retyped::new(dialect, &from, &conversion, typed).unwrap());
    mapping
}

fn sent(state: State, dialect: Dialect, typed: Side, sql: &str) -> Sent {
    Ok(match rewrite(sql, dialect, &mapping(state, dialect, typed))? {
        Rewrite::Untouched => (sql.to_owned(), None),
        Rewrite::Edited { sql, values } => (sql, values),
    })
}

const PG: Dialect = Dialect::Postgres;

/// The texts that code of each type sends in each state.
fn all(dialect: Dialect, sql: &str) -> String {
    let mut lines = Vec::new();
    for typed in [Side::From, Side::To] {
        for state in [PENDING, DUAL_WRITE, READ_TO, WRITE_TO, CONTRACTED] {
            let sent = match sent(state, dialect, typed, sql) {
                Ok((sql, None)) => one_line(&sql),
                Ok((sql, Some(order))) => format!("{} {order:?}", one_line(&sql)),
                Err(error) => format!("an error: {error}"),
            };
            lines.push(format!("{typed:?} {state}: {sent}"));
        }
    }
    lines.join("\n")
}

#[test]
fn code_of_either_type_reads_in_every_state() {
    insta::assert_snapshot!(all(PG, "SELECT u.age FROM users u WHERE age > $1"), @r#"
    From pending: SELECT u.age FROM users u WHERE age > $1
    From dual_write: SELECT u.age FROM users u WHERE age > $1
    From read_to: SELECT CAST((CAST(u."age_bigint" AS integer)) AS integer) AS "age" FROM users u WHERE CAST((CAST("age_bigint" AS integer)) AS integer) > $1
    From write_to: SELECT CAST((CAST(u."age_bigint" AS integer)) AS integer) AS "age" FROM users u WHERE CAST((CAST("age_bigint" AS integer)) AS integer) > $1
    From contracted: SELECT CAST((CAST(u."age" AS integer)) AS integer) AS "age" FROM users u WHERE CAST((CAST("age" AS integer)) AS integer) > $1
    To pending: SELECT CAST((CAST(u."age" AS bigint)) AS bigint) AS "age" FROM users u WHERE CAST((CAST("age" AS bigint)) AS bigint) > $1
    To dual_write: SELECT CAST((CAST(u."age" AS bigint)) AS bigint) AS "age" FROM users u WHERE CAST((CAST("age" AS bigint)) AS bigint) > $1
    To read_to: SELECT u."age_bigint" AS "age" FROM users u WHERE "age_bigint" > $1
    To write_to: SELECT u."age_bigint" AS "age" FROM users u WHERE "age_bigint" > $1
    To contracted: SELECT u.age FROM users u WHERE age > $1
    "#);
}

#[test]
fn code_of_either_type_writes_in_every_state() {
    insta::assert_snapshot!(all(PG, "UPDATE users SET age = $1 WHERE id = 1"), @r#"
    From pending: UPDATE users SET age = $1 WHERE id = 1
    From dual_write: UPDATE users SET "age_bigint" = (CAST(CAST($1 AS integer) AS bigint)), "age" = $1 WHERE id = 1
    From read_to: UPDATE users SET "age" = $1, "age_bigint" = (CAST(CAST($1 AS integer) AS bigint)) WHERE id = 1
    From write_to: UPDATE users SET "age_bigint" = (CAST(CAST($1 AS integer) AS bigint)) WHERE id = 1
    From contracted: UPDATE users SET "age" = (CAST(CAST($1 AS integer) AS bigint)) WHERE id = 1
    To pending: UPDATE users SET "age" = (CAST(CAST($1 AS bigint) AS integer)) WHERE id = 1
    To dual_write: UPDATE users SET "age_bigint" = $1, "age" = (CAST(CAST($1 AS bigint) AS integer)) WHERE id = 1
    To read_to: UPDATE users SET "age" = (CAST(CAST($1 AS bigint) AS integer)), "age_bigint" = $1 WHERE id = 1
    To write_to: UPDATE users SET "age_bigint" = $1 WHERE id = 1
    To contracted: UPDATE users SET age = $1 WHERE id = 1
    "#);
    insta::assert_snapshot!(all(PG, "INSERT INTO users (age, id) VALUES ($1, 1)"), @r#"
    From pending: INSERT INTO users (age, id) VALUES ($1, 1)
    From dual_write: INSERT INTO users ("age_bigint", "age", id) VALUES ((CAST(CAST($1 AS integer) AS bigint)), $1, 1)
    From read_to: INSERT INTO users ("age", "age_bigint", id) VALUES ($1, (CAST(CAST($1 AS integer) AS bigint)), 1)
    From write_to: INSERT INTO users ("age_bigint", id) VALUES ((CAST(CAST($1 AS integer) AS bigint)), 1)
    From contracted: INSERT INTO users ("age", id) VALUES ((CAST(CAST($1 AS integer) AS bigint)), 1)
    To pending: INSERT INTO users ("age", id) VALUES ((CAST(CAST($1 AS bigint) AS integer)), 1)
    To dual_write: INSERT INTO users ("age_bigint", "age", id) VALUES ($1, (CAST(CAST($1 AS bigint) AS integer)), 1)
    To read_to: INSERT INTO users ("age", "age_bigint", id) VALUES ((CAST(CAST($1 AS bigint) AS integer)), $1, 1)
    To write_to: INSERT INTO users ("age_bigint", id) VALUES ($1, 1)
    To contracted: INSERT INTO users (age, id) VALUES ($1, 1)
    "#);
}

#[test]
fn a_placeholder_for_two_columns_is_sent_twice() {
    insta::assert_snapshot!(
        all(Dialect::MariaDb, "UPDATE users SET email = ?, age = age + ? WHERE id = ?"), @r#"
    From pending: UPDATE users SET email = ?, age = age + ? WHERE id = ?
    From dual_write: UPDATE users SET email = ?, `age_bigint` = ((age + ?) * 10), `age` = age + ? WHERE id = ? [0, 1, 1, 2]
    From read_to: UPDATE users SET email = ?, `age` = (`age_bigint` / 10) + ?, `age_bigint` = (((`age_bigint` / 10) + ?) * 10) WHERE id = ? [0, 1, 1, 2]
    From write_to: UPDATE users SET email = ?, `age_bigint` = (((`age_bigint` / 10) + ?) * 10) WHERE id = ?
    From contracted: UPDATE users SET email = ?, `age` = (((`age` / 10) + ?) * 10) WHERE id = ?
    To pending: UPDATE users SET email = ?, `age` = (((`age` * 10) + ?) / 10) WHERE id = ?
    To dual_write: UPDATE users SET email = ?, `age_bigint` = (`age` * 10) + ?, `age` = (((`age` * 10) + ?) / 10) WHERE id = ? [0, 1, 1, 2]
    To read_to: UPDATE users SET email = ?, `age` = ((`age_bigint` + ?) / 10), `age_bigint` = `age_bigint` + ? WHERE id = ? [0, 1, 1, 2]
    To write_to: UPDATE users SET email = ?, `age_bigint` = `age_bigint` + ? WHERE id = ?
    To contracted: UPDATE users SET email = ?, age = age + ? WHERE id = ?
    "#);
}

#[test]
fn every_form_of_a_statement_is_converted() {
    let dual = |dialect, sql: &str| {
        let sent = sent(DUAL_WRITE, dialect, Side::To, sql);
        sent.map_or_else(|error| format!("an error: {error}"), |(sql, _)| one_line(&sql))
    };
    let postgres: Vec<String> = [
        "SELECT * FROM users",
        "SELECT u.* FROM users u JOIN posts p ON p.id = u.id",
        "SELECT age, count(*) FROM users GROUP BY age HAVING max(age) > 3 ORDER BY age",
        "SELECT row_to_json(users) FROM users",
        "SELECT title FROM users JOIN posts USING (age)",
        "SELECT x.age FROM (SELECT age FROM users) x",
        "WITH w AS (SELECT age FROM users) SELECT age FROM w",
        "INSERT INTO users VALUES (1, 2, 'x')",
        "INSERT INTO users (id, age) VALUES (1, DEFAULT), (2, random()), (3, 'x')",
        "INSERT INTO users (id, age) SELECT id, n AS m FROM posts ORDER BY m",
        "INSERT INTO users (id, age) SELECT id, random() FROM posts",
        "INSERT INTO users (id, age) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET age = excluded.age",
        "UPDATE users SET (email, age) = ('x', 3)",
        "UPDATE users SET (email, age) = (SELECT a, b FROM posts)",
        "UPDATE users SET age = random()",
        "UPDATE users SET age = age + 1 RETURNING age",
        "UPDATE users SET age = DEFAULT",
        "UPDATE users SET age[1] = 2",
        "DELETE FROM users WHERE users.age = 3",
        "MERGE INTO users USING posts ON pid = id WHEN MATCHED THEN UPDATE SET age = n \
         WHEN NOT MATCHED THEN INSERT (id, age) VALUES (pid, n)",
        "COPY users TO STDOUT",
        "SELECT (users).age FROM users",
    ]
    .into_iter()
    .map(|sql| dual(PG, sql))
    .collect();
    insta::assert_snapshot!(postgres.join("\n"), @r#"
    SELECT "id", CAST((CAST("age" AS bigint)) AS bigint) AS "age", "email" FROM users
    SELECT u."id", CAST((CAST(u."age" AS bigint)) AS bigint) AS "age", u."email" FROM users u JOIN posts p ON p.id = u.id
    SELECT CAST((CAST("age" AS bigint)) AS bigint) AS "age", count(*) FROM users GROUP BY CAST((CAST("age" AS bigint)) AS bigint) HAVING max(CAST((CAST("age" AS bigint)) AS bigint)) > 3 ORDER BY age
    SELECT row_to_json((SELECT users FROM (SELECT users."id", CAST((CAST(users."age" AS bigint)) AS bigint) AS "age", users."email") AS users)) FROM users
    SELECT title FROM (SELECT "id", CAST((CAST("age" AS bigint)) AS bigint) AS "age", "email" FROM users) AS users JOIN posts USING (age)
    SELECT x.age FROM (SELECT CAST((CAST("age" AS bigint)) AS bigint) AS "age" FROM users) x
    WITH w AS (SELECT CAST((CAST("age" AS bigint)) AS bigint) AS "age" FROM users) SELECT age FROM w
    INSERT INTO users ("id", "age_bigint", "age", "email") VALUES (1, 2, (CAST(CAST(2 AS bigint) AS integer)), 'x')
    WITH once0 AS MATERIALIZED (SELECT random() AS v) INSERT INTO users (id, "age_bigint", "age") VALUES (1, DEFAULT, DEFAULT), (2, (SELECT v FROM once0), (CAST(CAST((SELECT v FROM once0) AS bigint) AS integer))), (3, 'x', (CAST(CAST('x' AS bigint) AS integer)))
    INSERT INTO users (id, "age_bigint", "age") SELECT id, n AS m, (CAST(CAST(n AS bigint) AS integer)) FROM posts ORDER BY m
    INSERT INTO users (id, "age_bigint", "age") SELECT c0, c1, (CAST(CAST(c1 AS bigint) AS integer)) FROM (SELECT * FROM (SELECT id, random() FROM posts) AS y OFFSET 0) AS once(c0, c1)
    INSERT INTO users (id, "age_bigint", "age") VALUES (1, 2, (CAST(CAST(2 AS bigint) AS integer))) ON CONFLICT (id) DO UPDATE SET "age_bigint" = excluded."age_bigint", "age" = (CAST(CAST(excluded."age_bigint" AS bigint) AS integer))
    UPDATE users SET (email, "age_bigint", "age") = ('x', 3, (CAST(CAST(3 AS bigint) AS integer)))
    UPDATE users SET (email, "age_bigint", "age") = (SELECT c0, c1, (CAST(CAST(c1 AS bigint) AS integer)) FROM (SELECT * FROM (SELECT a, b FROM posts) AS y OFFSET 0) AS x(c0, c1))
    UPDATE users SET ("age_bigint", "age") = (SELECT v, (CAST(CAST(v AS bigint) AS integer)) FROM (SELECT random() AS v WHERE "users".ctid IS NOT NULL OFFSET 0) AS x)
    UPDATE users SET "age_bigint" = CAST((CAST("age" AS bigint)) AS bigint) + 1, "age" = (CAST(CAST(CAST((CAST("age" AS bigint)) AS bigint) + 1 AS bigint) AS integer)) RETURNING CAST((CAST("age" AS bigint)) AS bigint) AS "age"
    UPDATE users SET "age_bigint" = DEFAULT, "age" = DEFAULT
    an error: not supported on a renamed table: an assignment to a part of a column that is written twice; set all of it, in `UPDATE users SET age[?] = ?`
    DELETE FROM users WHERE CAST((CAST(users."age" AS bigint)) AS bigint) = 3
    MERGE INTO users USING posts ON pid = id WHEN MATCHED THEN UPDATE SET "age_bigint" = n, "age" = (CAST(CAST(n AS bigint) AS integer)) WHEN NOT MATCHED THEN INSERT (id, "age_bigint", "age") VALUES (pid, n, (CAST(CAST(n AS bigint) AS integer)))
    COPY (SELECT "id", CAST((CAST("age" AS bigint)) AS bigint) AS "age", "email" FROM users) TO STDOUT
    an error: not supported on a renamed table: a field of a whole row whose type is being changed; write `table.column`, in `SELECT (users).age FROM users`
    "#);
    let mariadb: Vec<String> = [
        "INSERT INTO users (id, age) VALUES (1, ?) ON DUPLICATE KEY UPDATE age = VALUES(age)",
        "INSERT INTO users (id, age) VALUES (1, uuid())",
        "UPDATE users SET age = uuid()",
        "REPLACE INTO users (id, age) VALUES (1, 2)",
        "SELECT age, users.age + 1 FROM users ORDER BY age LIMIT 3",
    ]
    .into_iter()
    .map(|sql| dual(Dialect::MariaDb, sql))
    .collect();
    let upsert =
        "INSERT INTO users (id, age) VALUES (1, ?) ON DUPLICATE KEY UPDATE age = VALUES(age)";
    let (earlier, _) = sent(WRITE_TO, Dialect::MariaDb, Side::From, upsert).unwrap();
    assert_eq!(
        one_line(&earlier),
        "INSERT INTO users (id, `age_bigint`) VALUES (1, ((?) * 10)) ON DUPLICATE KEY UPDATE \
         `age_bigint` = (((VALUES(`age_bigint`) / 10)) * 10)"
    );
    insta::assert_snapshot!(mariadb.join("\n"), @r#"
    INSERT INTO users (id, `age_bigint`, `age`) VALUES (1, ?, ((?) / 10)) ON DUPLICATE KEY UPDATE `age_bigint` = VALUES(`age_bigint`), `age` = ((VALUES(`age_bigint`)) / 10)
    INSERT INTO users (id, `age_bigint`, `age`) VALUES (1, uuid(), ((`age_bigint`) / 10))
    UPDATE users SET `users`.`age_bigint` = uuid(), `users`.`age` = ((`users`.`age_bigint`) / 10)
    REPLACE INTO users (id, `age_bigint`, `age`) VALUES (1, 2, ((2) / 10))
    SELECT (`age` * 10) AS `age`, (users.`age` * 10) + 1 AS `users.age + 1` FROM users ORDER BY age LIMIT 3
    "#);
}
