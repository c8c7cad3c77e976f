//! What only PostgreSQL has, through the whole life of a rename; and what collations hide.

use super::live;
use crate::support::project::{Db, Project, each_database};
use crate::support::rename::{Rename, USERS, state};

fn on_postgres(before: &str, sql_type: &str, values: &[&str]) {
    let project = Project::new(Db::Postgres);
    let values = values.iter().enumerate().map(|(id, value)| format!("({id}, {value})"));
    let table = format!(
        "{before};
         CREATE TABLE users (id integer PRIMARY KEY, username {sql_type}, email text);
         INSERT INTO users (id, username) VALUES {}",
        values.collect::<Vec<_>>().join(", ")
    );
    live(&project, USERS, &table);
}

#[test]
fn life_shapes_postgres_types() {
    on_postgres("", "varchar(10) NOT NULL UNIQUE", &["'ada'", "'grace'", "''"]);
    on_postgres("", "char(5)", &["'ada'", "'grace'", "NULL"]);
    on_postgres("", "numeric(10,2)", &["1", "2.50", "NULL", "-0.01"]);
    on_postgres("", "numeric DEFAULT 1.50", &["1", "2.500", "NULL", "'NaN'"]);
    on_postgres("", "double precision", &["0.1", "'-0'", "'NaN'", "1e300"]);
    on_postgres("", "json", &["'{\"b\": 1,  \"a\":2}'", "'null'", "NULL"]);
    on_postgres("", "jsonb DEFAULT '{}' NOT NULL", &["'{\"b\": 1,  \"a\":2}'", "'null'"]);
    on_postgres("", "bytea", &["'\\x00ff'", "''", "NULL"]);
    on_postgres("", "timestamptz DEFAULT now()", &["'2026-11-21 10:00:00.123456+03'", "NULL"]);
    on_postgres("", "text[] NOT NULL DEFAULT '{}'", &["'{a,NULL}'", "'{}'"]);
    on_postgres("", "xml", &["'<a/>'", "NULL"]);
    on_postgres(
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN small AS int CHECK (VALUE < 100)",
        "mood DEFAULT 'ok'",
        &["'sad'", "'ok'", "NULL"],
    );
    on_postgres("CREATE DOMAIN small AS int CHECK (VALUE < 100)", "small", &["1", "NULL"]);
}

#[test]
fn life_shapes_postgres_collations() {
    on_postgres("", "text COLLATE \"C\" NOT NULL UNIQUE", &["'ada'", "'Ada'", "'ADA'"]);
    on_postgres(
        "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "text COLLATE ci",
        &["'ada'", "'Ada'", "'ADA'", "NULL"],
    );
}

#[test]
fn life_shapes_postgres_indexes() {
    live(
        &Project::new(Db::Postgres),
        USERS,
        "CREATE TABLE users (id integer PRIMARY KEY, email text,
                             username text NOT NULL CONSTRAINT the_name UNIQUE);
         CREATE INDEX hashed ON users USING hash (username);
         CREATE INDEX patterns ON users (username text_pattern_ops DESC NULLS LAST, email);
         CREATE UNIQUE INDEX duo ON users (email COLLATE \"C\", username COLLATE \"C\" DESC);
         ALTER TABLE users ADD CONSTRAINT pair UNIQUE (email, username);
         INSERT INTO users VALUES (1, NULL, 'ada'), (2, 'g', 'grace')",
    );
}

#[test]
fn life_shapes_postgres_other_schema() {
    let project = Project::new(Db::Postgres);
    let rename = Rename { schema: Some("my app"), ..USERS };
    live(
        &project,
        rename,
        "CREATE SCHEMA \"my app\";
         CREATE TABLE users (id int, handle text, username text);
         CREATE INDEX users_handle_key ON users (id);
         CREATE TYPE \"my app\".mood AS ENUM ('sad', 'ok');
         CREATE TABLE \"my app\".users (mood \"my app\".mood, username text NOT NULL UNIQUE,
                                       PRIMARY KEY (mood, username), n int);
         ALTER TABLE \"my app\".users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (mood);
         CREATE INDEX users_username ON \"my app\".users (username);
         INSERT INTO \"my app\".users VALUES ('sad', 'ada', 1), ('ok', 'grace', 2)",
    );
}

#[test]
fn life_shapes_postgres_keys() {
    for key in ["mood", "timestamptz", "uuid", "numeric", "text COLLATE \"C\"", "date", "interval"]
    {
        let values = match key {
            "mood" => ["sad", "ok", "fine"],
            "uuid" => [
                "00000000-0000-0000-0000-000000000001",
                "ffffffff-0000-0000-0000-000000000001",
                "7fffffff-0000-0000-0000-000000000001",
            ],
            "numeric" => ["1.10", "-3", "2"],
            "interval" => ["1 mon", "31 days", "-1 day"],
            _ if key.starts_with("text") => ["a''b", "A\\", ""],
            _ => ["2026-01-02", "2025-01-02", "1999-12-31"],
        };
        let project = Project::new(Db::Postgres);
        project.sql("CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine')");
        let rows = values.map(|value| format!("('{value}', 'name of {}')", value.len()));
        let table = format!(
            "CREATE TABLE users (key {key} PRIMARY KEY, username text);
             INSERT INTO users VALUES {}",
            rows.join(", ")
        );
        project.write("handover.yml", "backfill: { batch_size: 1 }\n");
        live(&project, USERS, &table);
    }
}

/// A copy that is equal by the collation, or by the type, is not yet the same.
#[test]
fn life_shapes_differences_that_equality_hides() {
    each_database(|project| {
        let (sql_type, value, other) = match project.db {
            Db::Sqlite => ("text COLLATE NOCASE", "'ada'", "'ADA'"),
            Db::Postgres => ("numeric", "1.5", "1.50"),
            Db::Mariadb => ("varchar(9)", "'ada'", "'ADA'"),
        };
        project.sql(&format!(
            "CREATE TABLE users (id integer PRIMARY KEY, username {sql_type});
             INSERT INTO users VALUES (1, {value}), (2, {value}), (3, NULL)"
        ));
        USERS.write(project);
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        project.sql(&format!("UPDATE users SET handle = {other}"));
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(project), "read_to");
        USERS.expect_equal(project);
    });
}

#[test]
fn life_shapes_sqlite_collation_goes_along() {
    let project = Project::new(Db::Sqlite);
    let table =
        "CREATE TABLE users (id integer PRIMARY KEY, username text COLLATE NOCASE NOT NULL);
                 INSERT INTO users VALUES (1, 'ada'), (2, 'Ada'), (3, 'ADA')";
    project.sql(table);
    USERS.write(&project);
    for (version, state_after) in [("9.0.0", "read_to"), ("9.0.1", "contracted")] {
        project.version(version);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&project), state_after);
        let same = project.query("SELECT '' || count(*) FROM users WHERE handle = 'aDA'");
        assert_eq!(same, ["3"]);
        assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["ada", "Ada", "ADA"]);
    }
    let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    let dump = project.dump("users");
    project.sql("DROP TABLE users");
    live(&project, USERS, table);
    project.sql("DROP TABLE users");
    project.sql(table);
    assert_eq!(project.dump("users"), dump);
}
