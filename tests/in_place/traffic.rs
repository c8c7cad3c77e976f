//! The column is renamed back and forth while both releases work on the table.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use handover::Shim;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, IsolationLevel, Statement, TransactionTrait as _,
};

use super::project;
use crate::support::project::{Db, each_database};
use crate::support::rename::state;
use crate::support::wait::until;

/// One process of the app, and the name that its code has for the column.
#[derive(Clone)]
struct App {
    shim: Shim,
    db: Db,
    column: &'static str,
}

/// The number that each client's row counts.
#[derive(Default)]
struct Told {
    stop: AtomicBool,
    acknowledged: [AtomicU64; 6],
}

impl App {
    async fn start(db: DatabaseConnection, kind: Db, release: &str, column: &'static str) -> Self {
        let shim =
            Shim::builder(db, handover::releases!("release_migrations")).app_version(release);
        Self { shim: shim.start().await.unwrap(), db: kind, column }
    }

    async fn run(&self, on: &impl ConnectionTrait, sql: &str) -> Result<(), DbErr> {
        let sql = sql.replace("NAME", self.column);
        on.execute_raw(Statement::from_string(on.get_database_backend(), sql)).await.map(|_| ())
    }

    async fn count(&self, on: &impl ConnectionTrait, sql: &str) -> Result<usize, DbErr> {
        let sql = sql.replace("NAME", self.column);
        let rows = on.query_all_raw(Statement::from_string(on.get_database_backend(), sql)).await?;
        for row in &rows {
            // Read by the name that the code has for it.
            let _: String = row.try_get("", self.column)?;
        }
        Ok(rows.len())
    }

    /// Writes the client's number once more, in one of several ways.
    async fn step(&self, client: usize, number: u64) -> Result<(), DbErr> {
        let update =
            format!("UPDATE users SET NAME = 'c{client}-{number}' WHERE email = 'c{client}'");
        let read = format!(
            "SELECT NAME FROM users WHERE email = 'c{client}' AND NAME = 'c{client}-{number}'"
        );
        // `*` has the name that the release has for the column.
        let list = if self.column == "handle" { "*" } else { "id, NAME" };
        let all = &format!("SELECT {list} FROM users WHERE NAME <> 'x' ORDER BY NAME");
        match (client, self.db) {
            (0 | 1, _) => {
                self.run(&self.shim, &update).await?;
                assert_eq!(self.count(&self.shim, &read).await?, 1);
                assert_eq!(self.count(&self.shim, all).await?, 6);
            }
            (_, Db::Sqlite) => {
                let transaction = self.shim.begin().await?;
                self.run(&transaction, &update).await?;
                assert_eq!(self.count(&transaction, &read).await?, 1);
                transaction.commit().await?;
            }
            (2, _) => {
                // Looks at another table first, so that it may begin before the rename.
                let transaction = self.shim.begin().await?;
                self.run(&transaction, "DELETE FROM posts WHERE title = 'nothing'").await?;
                tokio::time::sleep(Duration::from_millis(2)).await;
                self.run(&transaction, &update).await?;
                assert_eq!(self.count(&transaction, all).await?, 6);
                transaction.commit().await?;
            }
            (3, _) => {
                let level = Some(IsolationLevel::RepeatableRead);
                let transaction = self.shim.begin_with_config(level, None).await?;
                self.run(&transaction, "SELECT count(*) FROM posts").await?;
                tokio::time::sleep(Duration::from_millis(2)).await;
                assert_eq!(self.count(&transaction, all).await?, 6);
                self.run(&transaction, &update).await?;
                transaction.commit().await?;
            }
            (4, _) => {
                // What a nested transaction has opened is given up when it is rolled back.
                let transaction = self.shim.begin().await?;
                let nested = transaction.begin().await?;
                assert_eq!(self.count(&nested, all).await?, 6);
                nested.rollback().await?;
                tokio::time::sleep(Duration::from_millis(2)).await;
                self.run(&transaction, &update).await?;
                assert_eq!(self.count(&transaction, &read).await?, 1);
                transaction.commit().await?;
            }
            _ => {
                let transaction = self.shim.begin().await?;
                self.run(&transaction, &update).await?;
                let nested = transaction.begin().await?;
                assert_eq!(self.count(&nested, &read).await?, 1);
                nested.commit().await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    async fn work(self, client: usize, told: Arc<Told>) {
        let mut number = 0;
        while !told.stop.load(Ordering::Relaxed) {
            number += 1;
            let release = self.column;
            self.step(client, number)
                .await
                .unwrap_or_else(|error| panic!("client {client}, {release}: {error:?}"));
            told.acknowledged[client].store(number, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn in_place_under_traffic_fails_and_loses_nothing() {
    each_database(|given| {
        let project = project(given.db);
        for client in 0..6 {
            let row =
                format!("INSERT INTO users (username, email) VALUES ('c{client}-0', 'c{client}')");
            project.sql(&row);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let told = Arc::new(Told::default());
        let clients = runtime.block_on(async {
            let connect = async || project.connect().await;
            let before = App::start(connect().await, given.db, "9.0.0", "username").await;
            let after = App::start(connect().await, given.db, "9.0.1", "handle").await;
            let apps = [before, after];
            (0..6)
                .map(|client| {
                    let app = apps[client % 2].clone();
                    tokio::spawn(app.work(client, Arc::clone(&told)))
                })
                .collect::<Vec<_>>()
        });
        for _ in 0..5 {
            let wait = ["--wait", "1m"];
            let pre = [&["db", "migrate", "--pre"][..], &wait].concat();
            let _ = project.handover(&pre).expect_status(0);
            assert_eq!(state(&project), "announced");
            let _ = project.handover(&[&["db", "migrate"][..], &wait].concat()).expect_status(0);
            assert_eq!(state(&project), "contracted");
            let back = [&["db", "rollback", "--step", "2"][..], &wait].concat();
            let _ = project.handover(&back).expect_status(0);
            assert_eq!(state(&project), "pending");
        }
        let all = |least| told.acknowledged.iter().all(|own| own.load(Ordering::Relaxed) > least);
        until("each client has written often", || all(20));
        told.stop.store(true, Ordering::Relaxed);
        runtime.block_on(async {
            for client in clients {
                client.await.unwrap();
            }
        });
        for (client, number) in told.acknowledged.iter().enumerate() {
            let sql = format!("SELECT username FROM users WHERE email = 'c{client}'");
            assert_eq!(
                project.query(&sql),
                [format!("c{client}-{}", number.load(Ordering::Relaxed))]
            );
        }
    });
}

/// Two columns are announced at once and renamed one after the other, while statements name both.
#[test]
fn in_place_two_columns_of_one_statement() {
    each_database(|given| {
        let project = project(given.db);
        let more = ["gen", "rename", "posts.title", "headline", "--in-place"];
        let releases = ["--release", "9.0.0", "--contract-release", "9.0.0"];
        let _ = project.handover(&[&more[..], &releases].concat()).expect_status(0);
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        project.sql("INSERT INTO posts (id, user_id, title) VALUES (1, 1, 'one')");
        // From here on the database knows both names of both columns.
        let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let told = Arc::new(Told::default());
        let clients = runtime.block_on(async {
            let db = project.connect().await;
            let app = App::start(db, given.db, "9.0.0", "handle").await;
            (0..4)
                .map(|client| {
                    let (app, told) = (app.clone(), Arc::clone(&told));
                    tokio::spawn(async move {
                        while !told.stop.load(Ordering::Relaxed) {
                            let done = app.both(client).await;
                            done.unwrap_or_else(|error| panic!("client {client}: {error:?}"));
                            told.acknowledged[client].fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect::<Vec<_>>()
        });
        for _ in 0..2 {
            for (arguments, states) in [
                (&["db", "migrate"][..], "contracted, contracted"),
                (&["db", "rollback", "--step", "4"], "pending, pending"),
                (&["db", "migrate", "--pre"], "announced, announced"),
            ] {
                let wait = [arguments, &["--wait", "1m"]].concat();
                let _ = project.handover(&wait).expect_status(0);
                assert_eq!(state(&project), states);
            }
        }
        told.stop.store(true, Ordering::Relaxed);
        runtime.block_on(async {
            for client in clients {
                client.await.unwrap();
            }
        });
        let _ = project.handover(&["db", "rollback", "--step", "2"]).expect_status(0);
        assert_eq!(project.query("SELECT username FROM users"), ["ada"]);
        assert_eq!(project.query("SELECT title FROM posts"), ["one"]);
    });
}

impl App {
    /// Reads, and writes what is there, of both tables at once.
    async fn both(&self, client: usize) -> Result<(), DbErr> {
        let read = "SELECT users.handle FROM users JOIN posts ON posts.user_id = users.id \
                    WHERE posts.headline <> users.handle";
        let write = "UPDATE users SET handle = 'ada' \
                     WHERE id IN (SELECT user_id FROM posts WHERE headline = 'one')";
        if client == 0 {
            self.run(&self.shim, write).await?;
            assert_eq!(self.count(&self.shim, read).await?, 1);
            return Ok(());
        }
        let transaction = self.shim.begin().await?;
        if client == 1 || self.db == Db::Sqlite {
            self.run(&transaction, write).await?;
        }
        assert_eq!(self.count(&transaction, read).await?, 1);
        transaction.commit().await
    }
}

/// A name that is gone is an error, and is not found in another table: not in the query around it, nor
/// among the output columns.
#[test]
fn in_place_no_name_means_another_column() {
    each_database(|given| {
        let project = project(given.db);
        project.sql("ALTER TABLE posts ADD COLUMN handle varchar(40)");
        project.sql("ALTER TABLE posts ADD COLUMN username varchar(40)");
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        project.sql(
            "INSERT INTO posts (id, user_id, title, handle, username) VALUES (1, 1, 'x', 'old', 'old')",
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
        runtime.block_on(async {
            let connection = project.connect().await;
            let app = App::start(connection, given.db, "9.0.0", "handle").await;
            for step in [["username", "handle"], ["handle", "username"]] {
                for sql in [
                    "DELETE FROM posts WHERE EXISTS (SELECT 1 FROM users WHERE NAME = 'old')",
                    "UPDATE posts SET title = (SELECT max(NAME) FROM users)",
                    "UPDATE posts SET title = (SELECT NAME FROM users WHERE users.id = posts.user_id)",
                    "UPDATE posts SET title = 'hit' \
                     WHERE NOT EXISTS (SELECT email AS handle FROM users WHERE NAME = 'ada')",
                ] {
                    app.run(&app.shim, sql).await.unwrap();
                }
                assert_eq!(project.query("SELECT title FROM posts"), ["ada"], "{step:?}");
                project.sql("UPDATE posts SET title = 'x'");
                // As on MariaDB, where the new state comes later.
                let [before, after] = step;
                project.sql(&format!("ALTER TABLE users RENAME COLUMN {before} TO {after}"));
            }
            app.shim.shutdown().await.unwrap();
        });
    });
}

/// While a name is announced, a transaction ends with a failed statement as PostgreSQL ends it: its first
/// half is not committed.
#[test]
fn in_place_a_transaction_that_fails_is_not_half_committed() {
    let project = project(Db::Postgres);
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.sql("INSERT INTO posts (id, user_id, title) VALUES (1, 1, 'whole')");
    let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = App::start(project.connect().await, Db::Postgres, "9.0.0", "handle").await;
        let transaction = app.shim.begin().await.unwrap();
        app.run(&transaction, "UPDATE posts SET title = 'half'").await.unwrap();
        let twice = "INSERT INTO users (id, NAME) VALUES (1, 'twice')";
        let error = app.run(&transaction, twice).await.unwrap_err();
        assert!(error.to_string().contains("duplicate key"), "{error}");
        transaction.commit().await.unwrap();
        app.shim.shutdown().await.unwrap();
    });
    assert_eq!(project.query("SELECT title FROM posts"), ["whole"]);
}

/// The isolation level can be set while a name is announced: PostgreSQL does not let it be set in a
/// savepoint.
#[test]
fn in_place_a_transaction_sets_its_isolation_level() {
    let project = project(Db::Postgres);
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = App::start(project.connect().await, Db::Postgres, "9.0.0", "handle").await;
        let transaction = app.shim.begin().await.unwrap();
        let level = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";
        app.run(&transaction, level).await.unwrap();
        app.run(&transaction, "UPDATE users SET NAME = 'grace'").await.unwrap();
        transaction.commit().await.unwrap();
        app.shim.shutdown().await.unwrap();
    });
    assert_eq!(project.query("SELECT username FROM users"), ["grace"]);
}

/// The app's own savepoints are not within those of the shim, whichever name they have.
#[test]
fn in_place_savepoints_of_the_app_live_on() {
    for name in ["users", "mine"] {
        let project = project(Db::Postgres);
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = App::start(project.connect().await, Db::Postgres, "9.0.0", "handle").await;
            let transaction = app.shim.begin().await.unwrap();
            app.run(&transaction, &format!("SAVEPOINT {name}")).await.unwrap();
            app.run(&transaction, "UPDATE users SET NAME = 'x'").await.unwrap();
            let back = format!("/* back */ ROLLBACK TO SAVEPOINT {name}");
            app.run(&transaction, &back).await.unwrap();
            project.sql("ALTER TABLE users RENAME COLUMN username TO handle");
            app.run(&transaction, "UPDATE users SET NAME = 'grace'").await.unwrap();
            transaction.commit().await.unwrap();
            app.shim.shutdown().await.unwrap();
        });
        assert_eq!(project.query("SELECT handle FROM users"), ["grace"], "{name}");
    }
}

/// Only the first statement of a transaction on the table is sent in a savepoint: rows that are written
/// in one have a number of their own.
#[test]
fn in_place_one_savepoint_a_transaction() {
    let project = project(Db::Postgres);
    let more = ["gen", "rename", "posts.title", "headline", "--in-place", "--release", "9.0.0"];
    let _ = project.handover(&more).expect_status(0);
    let _ = project.handover(&["db", "migrate", "--pre", "--offline"]).expect_status(0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = App::start(project.connect().await, Db::Postgres, "9.0.0", "handle").await;
        let transaction = app.shim.begin().await.unwrap();
        for id in 1..=5 {
            let row = format!("INSERT INTO users (id, NAME) VALUES ({id}, 'u{id}')");
            app.run(&transaction, &row).await.unwrap();
        }
        transaction.commit().await.unwrap();
        app.shim.shutdown().await.unwrap();
    });
    let numbers = "SELECT CAST(count(DISTINCT xmin::text) AS text) FROM users";
    assert_eq!(project.query(numbers), ["2"]);
}
