//! Statements that the app rewrites and sends by itself (`Shim::rewrite`).

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, sqlx};

use super::project;
use crate::support::project::{Db, each_database};
use crate::support::rename::state;

/// A process that is stopped before it sends a statement, for longer than its lease, and goes on after
/// the contract: the database refuses the column that is gone, and takes nothing for a string.
#[test]
fn in_place_a_statement_of_yesterday_is_refused_by_the_database() {
    const STATEMENTS: [&str; 5] = [
        "SELECT \"username\" FROM \"users\"",
        "SELECT email FROM users WHERE \"username\" = 'ada'",
        "UPDATE users SET email = \"username\"",
        "UPDATE users SET \"username\" = 'x' WHERE \"users\".\"username\" = 'ada'",
        "INSERT INTO users (\"username\") VALUES ('y')",
    ];
    each_database(|given| {
        let project = project(given.db);
        project.sql("INSERT INTO users (username, email) VALUES ('ada', 'e')");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let texts = |release: &str| {
            runtime.block_on(async {
                let shim = Shim::builder(project.connect().await, Releases::default());
                let shim = shim.app_version(release).start().await.unwrap();
                let mut texts = Vec::new();
                for sql in STATEMENTS {
                    let sql = if given.db == Db::Mariadb {
                        sql.replace('"', "`")
                    } else {
                        sql.to_owned()
                    };
                    texts.push(shim.rewrite(&sql).await.unwrap().sql().to_owned());
                }
                shim.shutdown().await.unwrap();
                texts
            })
        };
        let _ = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(0);
        let mut sent = texts("8.17.0");
        sent.extend(texts("9.0.0"));
        // Back to `pending`, in which the database knows of the change.
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        sent.extend(texts("8.17.0"));
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&project), "contracted");
        project.block_on(async |db| {
            for sql in &sent {
                assert!(db.execute_unprepared(sql).await.is_err(), "{sql}");
            }
        });
        assert_eq!(project.query("SELECT handle FROM users"), ["ada"]);
    });
}

/// On MariaDB the column is renamed a moment before the new state is published.
#[test]
fn in_place_a_statement_that_the_app_sends_itself_is_rewritten_again() {
    let project = project(Db::Mariadb);
    project.sql("INSERT INTO users (username) VALUES ('ada')");
    let _ = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connection = project.connect().await;
        let pool = connection.get_mysql_connection_pool().clone();
        let shim = Shim::builder(connection, Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        let send =
            async |sql: &str| sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await;
        let update = "UPDATE users SET handle = 'grace' WHERE username = 'ada'";
        let before = shim.rewrite(update).await.unwrap();
        project.sql("ALTER TABLE users RENAME COLUMN username TO handle");
        let error = send(before.sql()).await.unwrap_err();
        assert!(before.is_outdated(&error).await.unwrap(), "{error}");
        let after = shim.rewrite(update).await.unwrap();
        assert_eq!(send(after.sql()).await.unwrap().rows_affected(), 1);
        // A column that never was is no reason to send again.
        let nope = send("SELECT nope FROM users").await.unwrap_err();
        assert!(!after.is_outdated(&nope).await.unwrap());
        shim.shutdown().await.unwrap();
    });
    assert_eq!(project.query("SELECT handle FROM users"), ["grace"]);
}
