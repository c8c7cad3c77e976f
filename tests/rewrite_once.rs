//! Values that differ each time they are computed, written to two columns of a real database.

use handover::Dialect;
use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;
use handover::shim::rewrite::{Rewrite, rewrite};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};

use crate::support::project::{Db, Project, query};
use crate::support::text_protocol::Server;

/// Statements, run one after another, in which `{v}` is a new value each time; the values of their
/// parameters; and how many new values they take.
const BOTH: &[(&str, &[i32], i32)] = &[
    ("INSERT INTO users (id, username) VALUES (1, {v}), (2, {v}), (3, 'x')", &[], 2),
    ("INSERT INTO users (username, id) VALUES ({v}, 4) ON CONFLICT (id) DO NOTHING", &[], 1),
    (
        "WITH x AS (SELECT 5 AS n) INSERT INTO users (id, username) VALUES ((SELECT n FROM x), {v} || (SELECT n FROM x))",
        &[],
        1,
    ),
    ("UPDATE users SET username = username || {v}, email = username", &[], 5),
    ("UPDATE users AS u SET username = {v} WHERE u.id < 3", &[], 2),
    (
        "UPDATE users SET username = p.handle || {v} FROM users AS p WHERE p.id = users.id + 1",
        &[],
        4,
    ),
    (
        "INSERT INTO users (id, username) VALUES (1, 'y'), (2, 'z') ON CONFLICT (id) DO UPDATE SET username = users.username || excluded.username || {v}",
        &[],
        2,
    ),
    ("INSERT INTO users (id, username) VALUES (6, (SELECT {v}))", &[], 1),
    ("INSERT INTO users (id, username) SELECT 20 + id, {v} FROM users WHERE id < 3", &[], 2),
    ("INSERT INTO users (id, username) SELECT 30, {v} UNION ALL SELECT 31, 'only'", &[], 1),
    ("INSERT INTO users (id, username) SELECT * FROM (SELECT 40 AS id, {v} AS n) AS x", &[], 1),
    (
        "INSERT INTO users (id, username) SELECT 1, {v} WHERE true ON CONFLICT (id) DO UPDATE SET username = excluded.username",
        &[],
        1,
    ),
    ("UPDATE users SET (email, username) = ('x', username || {v}) WHERE id < 3", &[], 2),
    (
        "UPDATE users SET (email, username) = (SELECT p.handle, p.handle || {v} FROM users AS p WHERE p.id = users.id) WHERE id < 4",
        &[],
        3,
    ),
];

const SQLITE: &[(&str, &[i32], i32)] = &[
    (
        "INSERT INTO users (id, username, email) VALUES (?, ? || {v}, ?), (?, ?, ?)",
        &[11, 1, 2, 12, 3, 4],
        1,
    ),
    ("REPLACE INTO users (id, username) VALUES (?, {v} || ?)", &[11, 7], 1),
    ("UPDATE users SET email = ?, username = ? || {v} WHERE id = ?", &[1, 2, 12], 1),
];

const POSTGRES: &[(&str, &[i32], i32)] = &[
    (
        "INSERT INTO users (id, username, email) VALUES ($1, {v}, DEFAULT), (12, DEFAULT, $2)",
        &[11, 5],
        1,
    ),
    ("INSERT INTO users (id, username, email) VALUES ($1, {v} || $2::int, $3)", &[13, 1, 2], 1),
    ("UPDATE users SET email = $1, username = {v} || $2::int WHERE id = $3", &[5, 6, 12], 1),
    (
        "WITH x AS (INSERT INTO users (id, username) VALUES (50, 'x50')) INSERT INTO users (id, username) SELECT $1, {v} || $2",
        &[51, 1],
        1,
    ),
    ("UPDATE users SET (email, username) = ($1, {v} || $2::int) WHERE id = $3", &[5, 6, 12], 1),
    // A value that the source gives, and one of each row.
    (
        "MERGE INTO users AS u USING (VALUES (1, {v}), (15, {v})) AS s(n, v) ON u.id = s.n WHEN MATCHED THEN UPDATE SET username = u.handle || s.v WHEN NOT MATCHED THEN INSERT (id, username) VALUES (s.n, s.v)",
        &[],
        2,
    ),
    (
        "MERGE INTO users AS u USING users AS s ON u.id = s.id WHEN MATCHED AND u.id < 3 THEN UPDATE SET username = u.handle || {v}",
        &[],
        2,
    ),
    (
        "WITH x AS (INSERT INTO users (id, username) VALUES (14, {v}) RETURNING *) SELECT handle FROM x",
        &[],
        1,
    ),
];

/// In MariaDB the second column takes the first, or an inner query has the value.
const MARIADB: &[&str] = &[
    "INSERT INTO users (id, username) VALUES (1, uuid()), (2, uuid()), (3, 'x')",
    "INSERT INTO users SET id = 4, username = uuid()",
    "REPLACE INTO users (id, username) VALUES (4, concat(uuid(), 'x'))",
    "UPDATE users SET username = concat(username, uuid()), email = username",
    "UPDATE users AS u SET u.username = uuid() WHERE u.id < 3",
    "INSERT INTO users (id, username) VALUES (1, 'y') ON DUPLICATE KEY UPDATE username = concat(username, uuid())",
    "INSERT INTO users (id, username) SELECT 20 + id, uuid() FROM users WHERE id < 3",
    "INSERT INTO users (id, username) SELECT * FROM (SELECT 40 + id, rand() FROM users WHERE id < 3) AS x",
    "INSERT INTO users (id, username) WITH x AS (SELECT 50 AS n) SELECT n, uuid() FROM x ORDER BY 1 LIMIT 1",
    "INSERT INTO users (id, username) VALUES (60, (SELECT uuid()))",
    "INSERT INTO users (id, username) SELECT x.id, uuid() FROM users AS x WHERE x.id < 3 ON DUPLICATE KEY UPDATE username = concat(VALUES(handle), users.username, uuid())",
];

fn mapping(state: State, db: Db) -> Mapping {
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("username").unwrap(),
        to: Identifier::new("handle").unwrap(),
    };
    let schema = if db == Db::Postgres { "public" } else { "main" };
    let physical = ["id", "username", "email", "handle"].map(str::to_owned);
    let mut mapping = Mapping::default();
    mapping.add(&rename, state, Side::To, Some(schema), &physical);
    mapping
}

async fn run(db: &DatabaseConnection, sql: &str, values: &[i32], mapping: &Mapping) {
    let backend = db.get_database_backend();
    let dialect = if backend == DbBackend::Postgres { Dialect::Postgres } else { Dialect::Sqlite };
    let Rewrite::Edited { sql: new, values: order } = rewrite(sql, dialect, mapping).unwrap()
    else {
        panic!("untouched: {sql}");
    };
    let order = order.unwrap_or_else(|| (0..values.len()).collect());
    let values = order.iter().map(|at| Value::from(values[*at]));
    let statement = Statement::from_sql_and_values(backend, &new, values);
    db.execute_raw(statement).await.unwrap_or_else(|error| panic!("{new}: {error}"));
}

async fn one(db: &DatabaseConnection, sql: &str) -> String {
    query(db, sql).await.join(", ")
}

async fn check(project: &Project, state: State) {
    let db = &project.connect().await;
    let (value, own) = match project.db {
        Db::Mariadb => unreachable!("not run on MariaDB"),
        Db::Sqlite => ("random()", SQLITE),
        Db::Postgres => ("(nextval('numbers') || '.' || random())", POSTGRES),
    };
    let mapping = mapping(state, project.db);
    let mut taken = 0;
    for (sql, values, takes) in BOTH.iter().chain(own) {
        run(db, &sql.replace("{v}", value), values, &mapping).await;
        taken += takes;
        let torn = "SELECT CAST(id AS text) FROM users WHERE username IS DISTINCT FROM handle";
        assert_eq!(one(db, torn).await, "", "{state} {:?}: {sql}", project.db);
        let alike = "SELECT username FROM users GROUP BY username HAVING count(*) > 1";
        assert_eq!(one(db, alike).await, "", "{state} {:?}: {sql}", project.db);
        if project.db == Db::Postgres {
            let last = one(db, "SELECT CAST(last_value AS text) FROM numbers").await;
            assert_eq!(last, taken.to_string(), "{state}: {sql}");
        }
    }
    let missing = "SELECT CAST(count(*) AS text) FROM users WHERE username IS NULL";
    assert_eq!(one(db, missing).await, "0");
}

#[test]
fn a_volatile_value_is_computed_once_and_written_twice() {
    for db in [Db::Sqlite, Db::Postgres] {
        for state in [State::DualWrite, State::ReadTo] {
            let project = Project::new(db);
            if db == Db::Postgres {
                project.sql("CREATE SEQUENCE numbers");
            }
            project.sql(
                "CREATE TABLE users (id integer PRIMARY KEY, username text DEFAULT 'd', email text,
                                     handle text DEFAULT 'd')",
            );
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(check(&project, state));
        }
    }
}

#[tokio::test]
async fn a_volatile_value_is_computed_once_on_mariadb() {
    for state in [State::DualWrite, State::ReadTo] {
        let mut db = Server::Mariadb.connect().await;
        db.sql("CREATE TABLE users (id int PRIMARY KEY, username text, email text, handle text)")
            .await;
        let mapping = mapping(state, Db::Sqlite);
        for sql in MARIADB {
            let Rewrite::Edited { sql: new, .. } =
                rewrite(sql, Dialect::MariaDb, &mapping).unwrap()
            else {
                panic!("untouched: {sql}");
            };
            db.sql(&new).await;
            let torn = db.sql("SELECT * FROM users WHERE NOT username <=> handle").await;
            assert_eq!(torn.table(), "", "{state}: {new}");
            let alike = "SELECT username FROM users GROUP BY username HAVING count(*) > 1";
            assert_eq!(db.sql(alike).await.table(), "", "{state}: {new}");
        }
    }
}
