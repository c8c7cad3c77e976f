//! Running processes and a migration: who waits for whom, and what a stale writer meets.

use std::process::Stdio;
use std::time::Duration;

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::Value;

use crate::support::app;
use crate::support::project::{Db, Project, each_database, query};
use crate::support::rename::{USERS, state};
use crate::support::wait::until_async;

fn project(db: Db) -> Project {
    with_users(Project::new(db))
}

fn with_users(project: Project) -> Project {
    let db = project.db;
    project.sql(app::users(db));
    project.sql(&app::tables(db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')");
    project.copy_worked_example();
    project.version("9.0.0");
    project
}

async fn shim(project: &Project, version: &str) -> Shim {
    let shim = Shim::builder(project.connect().await, Releases::default());
    let shim = shim.app_version(version).lease(Duration::from_secs(3));
    shim.start().await.unwrap()
}

/// Runs with the shims' own tasks beside it, on a project of each database.
fn each(test: impl AsyncFn(&Project)) {
    each_database(|given| {
        let project = project(given.db);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(test(&project));
    });
}

fn instances(project: &Project) -> Vec<Value> {
    let output = project.handover(&["db", "status", "--json"]).expect_status(0);
    let status: Value = serde_json::from_str(&output.stdout).unwrap();
    status["instances"].as_array().unwrap().clone()
}

#[test]
fn life_fleet_a_process_joins_renews_and_leaves() {
    each(async |project| {
        let project = &with_users(Project::bare(project.db));
        // Nobody has made handover's tables, and the shim does not either.
        let shim = shim(project, "9.0.0-rc.1").await;
        shim.execute_unprepared("UPDATE users SET email = username").await.unwrap();
        assert_eq!(instances(project), [Value::Null; 0]);
        let _ = project.handover(&["db", "init", "--baseline", "8.17.0"]).expect_status(0);
        until_async("the process joins", async || instances(project).len() == 1).await;
        let instance = &instances(project)[0];
        assert_eq!(instance["release"], "9.0.0-rc.1");
        assert_eq!(instance["pid"], std::process::id());
        assert_eq!((&instance["live"], &instance["acknowledged"]), (&true.into(), &0.into()));

        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        until_async("it acknowledges", async || instances(project)[0]["acknowledged"] == 1).await;
        let expires = || project.query("SELECT expires_at || '' FROM handover_instances");
        let before = expires();
        until_async("it renews its lease", async || expires() != before).await;
        project.sql("UPDATE handover_instances SET expires_at = 0");
        assert_eq!(instances(project)[0]["live"], false);
        until_async("it registers again", async || instances(project)[0]["live"] == true).await;
        project.sql("DELETE FROM handover_instances");
        until_async("it registers once more", async || instances(project).len() == 1).await;
        shim.shutdown().await.unwrap();
        assert_eq!(instances(project), [Value::Null; 0]);
    });
}

#[test]
fn life_fleet_an_earlier_release_holds_the_backfill_up() {
    each(async |project| {
        let shim = shim(project, "8.17.0").await;
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let output = project.handover(&["db", "migrate"]).expect_status(3);
        assert!(output.stderr.contains("8.17.0"), "{output}");
        assert!(output.stderr.contains(&std::process::id().to_string()), "{output}");
        let output = project.handover(&["db", "migrate", "--offline"]).expect_status(3);
        assert!(output.stderr.contains("--offline"), "{output}");
        assert_eq!(state(project), "dual_write");
        shim.close().await.unwrap();
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(project), "read_to");
    });
}

#[test]
fn life_fleet_an_open_transaction_holds_the_acknowledgement_back() {
    each(async |project| {
        let shim = shim(project, "9.0.0").await;
        let open = shim.begin().await.unwrap();
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        // A later statement uses the new mapping, the transaction the one that it began with.
        until_async("the new mapping is used", async || {
            let update = "UPDATE users SET username = 'x' WHERE id = 1";
            shim.execute_unprepared(update).await.unwrap();
            project.query("SELECT handle FROM users WHERE id = 1") == ["x"]
        })
        .await;
        open.execute_unprepared("SELECT 1").await.unwrap();
        let refused =
            ["db", "migrate", "--acknowledgement-patience", "1s", "--lock-patience", "1s"];
        let output = project.handover(&refused).expect_status(3);
        assert!(output.stderr.contains("acknowledge epoch 1"), "{output}");
        assert_eq!(instances(project)[0]["acknowledged"], 0);
        let mut migrate = project.command(&["db", "migrate", "--wait", "1m"]);
        let mut migrate = migrate.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        open.execute_unprepared("UPDATE users SET username = 'late' WHERE id = 2").await.unwrap();
        assert_eq!(migrate.try_wait().unwrap(), None);
        assert_eq!(state(project), "dual_write");
        open.commit().await.unwrap();
        until_async("the migration ends", async || migrate.try_wait().unwrap().is_some()).await;
        assert!(migrate.wait().unwrap().success());
        assert_eq!(state(project), "read_to");
        assert_eq!(project.query("SELECT handle FROM users ORDER BY id"), ["x", "late"]);
        USERS.expect_equal(project);
        shim.shutdown().await.unwrap();
    });
}

/// A statement by a mapping that somebody else's migration has made stale is sent again, once.
#[test]
fn life_fleet_a_stale_mapping_is_noticed() {
    each_database(|given| {
        let project = project(given.db);
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        // With one thread, the shim cannot look at the database while the command runs.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let updates = [
                ("UPDATE users SET handle = 'once' WHERE id = 1", true),
                ("INSERT INTO posts VALUES (7, 7, 'x'); UPDATE users SET handle = 'once' WHERE id = 1", false),
            ];
            for (update, must_work) in updates {
                let shim = shim(&project, "9.0.0").await;
                project.sql("DELETE FROM handover_instances");
                project.version("9.0.1");
                // As if nobody saw its sessions either, as on SQLite.
                let migrate = ["db", "migrate", "--allow", "sessions"];
                let _ = project.handover(&migrate).expect_status(0);
                assert_eq!(state(&project), "contracted");
                let result = shim.execute_unprepared(update).await;
                assert!(result.is_ok() || !must_work, "{result:?}");
                let names = project.query("SELECT handle FROM users WHERE id = 1");
                let posts = project.query("SELECT title FROM posts");
                assert_eq!(names == ["once"], result.is_ok(), "{names:?} {result:?}");
                if !must_work {
                    let error = result.as_ref().map_err(ToString::to_string).err();
                    assert!(!error.unwrap_or_default().to_lowercase().contains("unique"), "sent twice");
                    assert!(posts.len() <= 1, "{posts:?}");
                }
                let again = shim.execute_unprepared("UPDATE users SET username = 'then'").await;
                assert!(again.is_err() || project.query("SELECT handle FROM users")[0] == "then");
                project.sql("UPDATE users SET handle = 'ada' || id");
                shim.shutdown().await.unwrap();
                let _ = project.handover(&["db", "rollback"]).expect_status(0);
            }
        });
    });
}

/// Psql, another service, a process from before: whoever sets one column gets an error, and the
/// columns stay equal.
#[test]
fn life_fleet_stray_writes_meet_the_guard() {
    each(async |project| {
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let plain = project.connect().await;
        let strays: [(&str, &[&str]); 2] = [
            (
                "username",
                &[
                    "UPDATE users SET username = 'stray' WHERE id = 1",
                    "INSERT INTO users (id, username) VALUES (9, 'stray')",
                    "UPDATE users SET username = lower('STRAY'), handle = 'other' WHERE id = 1",
                ],
            ),
            (
                "handle",
                &[
                    "UPDATE users SET handle = 'stray' WHERE id = 1",
                    "INSERT INTO users (id, username, handle) VALUES (9, 'a', 'stray')",
                ],
            ),
        ];
        let dump = project.dump("users");
        for stray in strays[0].1 {
            let error = plain.execute_unprepared(stray).await.unwrap_err().to_string();
            let of_whom = error.contains("handover guard: ") && error.contains("rename_users");
            assert!(of_whom, "{stray}: {error}");
        }
        assert_eq!(project.dump("users"), dump);
        // What sets neither, or both alike, is nobody's business.
        for fine in [
            "UPDATE users SET email = 'e'",
            "UPDATE users SET handle = 'b', username = 'b' WHERE id = 1",
        ] {
            plain.execute_unprepared(fine).await.unwrap();
        }
        USERS.expect_equal(project);
        project.version("9.0.1");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        assert_eq!(state(project), "read_to");
        let dump = project.dump("users");
        for stray in strays.iter().flat_map(|(_, strays)| *strays) {
            let error = plain.execute_unprepared(stray).await.unwrap_err().to_string();
            assert!(error.contains("handover guard"), "{stray}: {error}");
        }
        assert_eq!(project.dump("users"), dump);
        assert_eq!(query(&plain, "SELECT username FROM users ORDER BY id").await, ["b", "grace"]);
    });
}
