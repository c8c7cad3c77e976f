//! What only MariaDB has.

use super::live;
use crate::support::project::{Db, Project};
use crate::support::rename::{Rename, USERS};

fn on_mariadb(sql_type: &str, values: &[&str]) {
    let project = Project::new(Db::Mariadb);
    let values = values.iter().enumerate().map(|(id, value)| format!("({id}, {value})"));
    let table = format!(
        "CREATE TABLE users (id integer PRIMARY KEY, username {sql_type});
         INSERT INTO users VALUES {}",
        values.collect::<Vec<_>>().join(", ")
    );
    live(&project, USERS, &table);
}

#[test]
fn life_shapes_mariadb_types() {
    on_mariadb("varchar(10) NOT NULL UNIQUE COMMENT 'what it''s for'", &["'ada'", "'grace'"]);
    on_mariadb("varchar(9) CHARACTER SET latin1 COLLATE latin1_bin", &["'é'", "'e'", "NULL"]);
    on_mariadb("varchar(9)", &["'ada'", "'Ada'", "'ADA '", "'ADA'"]);
    on_mariadb("longtext", &["'ada'", "''", "NULL"]);
    on_mariadb("decimal(10,2) DEFAULT 1.5", &["1", "2.50", "NULL"]);
    on_mariadb("float", &["1.0000001", "1.0000002", "-0", "0"]);
    on_mariadb("double NOT NULL DEFAULT 0", &["1e300", "-0.0"]);
    on_mariadb("timestamp NULL DEFAULT current_timestamp()", &["'2026-11-21 10:00:00'", "NULL"]);
    on_mariadb("datetime(6)", &["'2026-11-21 10:00:00.123456'", "NULL"]);
    on_mariadb("enum('sad','it''s ok') NOT NULL DEFAULT 'sad'", &["'sad'", "'it''s ok'"]);
    on_mariadb("bit(3) DEFAULT b'101'", &["1", "5"]);
    on_mariadb("varbinary(9)", &["x'00ff'", "''", "NULL"]);
    on_mariadb("bigint unsigned NOT NULL UNIQUE", &["18446744073709551615", "0"]);
}

#[test]
fn life_shapes_mariadb_keys() {
    for (key, values) in [
        ("decimal(5,2)", ["1.10", "-3", "2"]),
        ("date", ["2026-01-02", "2025-01-02", "1999-12-31"]),
        ("varbinary(9)", ["a''b", "A", ""]),
        ("varchar(9)", ["a''b", "B", "c"]),
        (
            "uuid",
            [
                "00000000-0000-0000-0000-000000000001",
                "ffffffff-0000-0000-0000-000000000001",
                "7fffffff-0000-0000-0000-000000000001",
            ],
        ),
        // Of these no key can be made: such a table is walked without one.
        ("enum('z','a','m')", ["a", "z", "m"]),
        ("float", ["0.1", "0.2", "-7"]),
    ] {
        let project = Project::new(Db::Mariadb);
        let rows = values.map(|value| format!("('{value}', 'name of {}')", value.len()));
        let table = format!(
            "CREATE TABLE users (k {key} PRIMARY KEY, username varchar(99));
             INSERT INTO users VALUES {}",
            rows.join(", ")
        );
        project.write("handover.yml", "backfill: { batch_size: 1 }\n");
        live(&project, USERS, &table);
    }
}

#[test]
fn life_shapes_mariadb_prefixes_and_other_indexes() {
    live(
        &Project::new(Db::Mariadb),
        USERS,
        "CREATE TABLE users (id integer PRIMARY KEY, username varchar(300) NOT NULL, n int,
                             UNIQUE names (username(20), n), INDEX begins (username(3)),
                             INDEX downwards (n DESC, username DESC)) CHARACTER SET latin1;
         INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', NULL)",
    );
}

/// A trigger without a schema was looked for in the connection's database, and views of that
/// database were taken for views of this table.
#[test]
fn life_shapes_mariadb_a_table_of_another_database() {
    let project = Project::new(Db::Mariadb);
    let other = project.query("SELECT concat(database(), '_other')").remove(0);
    project.sql(&format!(
        "CREATE DATABASE {other};
         CREATE TABLE {other}.users (id integer PRIMARY KEY, username varchar(9) NOT NULL UNIQUE);
         INSERT INTO {other}.users VALUES (1, 'ada'), (2, 'grace');
         CREATE TABLE users (username int); CREATE VIEW v AS SELECT username FROM users"
    ));
    let rename = Rename { schema: Some(&other), ..USERS };
    rename.write(&project);
    let columns = || {
        project.query(&format!(
            "SELECT concat_ws(' ', column_name, is_nullable, column_key)
             FROM information_schema.columns WHERE table_schema = '{other}' ORDER BY 1"
        ))
    };
    let before = columns();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(columns(), ["handle NO UNI", "id NO PRI", "username NO UNI"]);
    rename.expect_equal(&project);
    project.version("9.0.1");
    let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    assert_eq!(columns(), ["handle NO UNI", "id NO PRI"]);
    let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    assert_eq!(columns(), before);
    assert_eq!(project.query(&format!("SELECT username FROM {other}.users")), ["ada", "grace"]);
    project.sql(&format!("DROP DATABASE {other}"));
}
