//! `*` and inserts without a list of columns, of a table with columns that have to be named.

use handover::{Releases, Shim};
use sea_orm::ConnectionTrait as _;

use crate::support::project::{Db, Project, query};
use crate::support::rename::{USERS, state};

/// A table with a column that takes no value where none is named, and one with as many as are left.
fn tables(db: Db) -> &'static str {
    match db {
        Db::Mariadb => {
            "CREATE TABLE users (id integer PRIMARY KEY, tag varchar(9) INVISIBLE DEFAULT 'tag',
                                 username varchar(60), email varchar(60));
             CREATE TABLE staging (n integer, name varchar(60), note varchar(60))"
        }
        _ => {
            "CREATE TABLE users (id integer PRIMARY KEY, tag text AS ('tag') STORED,
                                 username text, email text);
             CREATE TABLE staging (n integer, name text, note text)"
        }
    }
}

async fn check(project: &Project) {
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version("8.17.0").start().await.unwrap();
    let plain = project.connect().await;
    for sql in [
        "INSERT INTO users SELECT * FROM staging",
        "INSERT INTO users VALUES (3, 'cyd', 'c@x')",
        "INSERT INTO users SELECT n + 10, s.name, s.note FROM staging AS s",
        "REPLACE INTO users SELECT s.* FROM staging AS s WHERE n = 1",
    ] {
        shim.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    // A wrong number of values is an error, as it is without a rename.
    for sql in [
        "INSERT INTO users SELECT s.*, 1 FROM staging AS s WHERE n = 2",
        "INSERT INTO users SELECT n FROM (SELECT * FROM staging) AS s WHERE n = 2",
        "INSERT INTO users VALUES (20, 'x')",
        "INSERT INTO users VALUES (20, 'x', 'y', 'z')",
    ] {
        assert!(shim.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    let expect =
        ["1 ada tag a@x", "11 ada tag a@x", "12 Bob tag b@x", "2 Bob tag b@x", "3 cyd tag c@x"];

    for name in ["username", "handle"] {
        let sql = match project.db {
            Db::Mariadb => {
                format!("SELECT concat_ws(' ', id, {name}, tag, email) FROM users ORDER BY 1")
            }
            _ => format!(
                "SELECT id || ' ' || {name} || ' ' || tag || ' ' || email FROM users ORDER BY 1"
            ),
        };
        assert_eq!(query(&plain, &sql).await, expect, "{name}");
    }
    let rows = shim.query_all_raw(sea_orm::Statement::from_string(
        plain.get_database_backend(),
        "SELECT * FROM users WHERE id = 2",
    ));
    let seen = rows.await.unwrap()[0].column_names();
    match project.db {
        Db::Mariadb => assert_eq!(seen, ["id", "username", "email"]),
        _ => assert_eq!(seen, ["id", "tag", "username", "email"]),
    }
    shim.execute_unprepared("DELETE FROM users").await.unwrap();
    shim.shutdown().await.unwrap();
}

#[test]
fn columns_that_have_to_be_named_take_no_value_by_position() {
    for db in [Db::Sqlite, Db::Mariadb] {
        let project = Project::new(db);
        project.sql(tables(db));
        project.sql("INSERT INTO staging VALUES (1, 'ada', 'a@x'), (2, 'Bob', 'b@x')");
        USERS.write(&project);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (phase, expect) in [("--pre", "dual_write"), ("--post", "read_to")] {
            project.version("9.0.0");
            let _ = project.handover(&["db", "migrate", "--offline", phase]).expect_status(0);
            assert_eq!(state(&project), expect);
            runtime.block_on(check(&project));
        }
    }
}
