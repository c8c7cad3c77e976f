//! The contract waits for the code: a process that names the column in a statement is named.

use std::time::Duration;

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::runtime::{Builder, Runtime};

use super::{at, project, state};
use crate::support::project::{Db, Project, each_database};
use crate::support::wait::until;

async fn process(db: DatabaseConnection, release: &str) -> Shim {
    Shim::builder(db, Releases::default())
        .app_version(release)
        .lease(Duration::from_secs(5))
        .start()
        .await
        .unwrap()
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A project whose column is ignored, and a runtime for processes.
fn ignored(db: Db) -> (Project, Runtime) {
    let project = project(db);
    at(&project, "9.0.0", &["db", "migrate", "--offline"], 0);
    (project, runtime())
}

fn until_recorded(project: &Project) {
    until("the use of the column is recorded", || {
        !project.query("SELECT statement FROM handover_column_uses").is_empty()
    });
}

#[test]
fn drop_waits_for_code_that_names_the_column() {
    each_database(|given| {
        let (project, runtime) = ignored(given.db);
        let (good, bad) = runtime.block_on(async {
            let good = process(project.connect().await, "9.0.1").await;
            let bad = process(project.connect().await, "9.0.1").await;
            good.execute_unprepared("UPDATE users SET email = 'x'").await.unwrap();
            let sql = "UPDATE users SET nickname = 'secret' WHERE id = 1";
            bad.execute_unprepared(sql).await.unwrap();
            (good, bad)
        });
        until_recorded(&project);
        let plan = at(&project, "9.0.1", &["db", "plan"], 3);
        assert!(plan.contains("running code still names `users.nickname`"), "{plan}");
        assert!(plan.contains("UPDATE users SET nickname = ? WHERE id = ?"), "{plan}");
        assert!(!plan.contains("secret"), "{plan}");
        let refused = at(&project, "9.0.1", &["db", "migrate", "--post"], 3);
        assert!(refused.contains("at 9.0.1 names it"), "{refused}");
        assert_eq!(state(&project), "ignored");
        // The process is gone, but the code that runs is the same.
        runtime.block_on(bad.shutdown()).unwrap();
        let refused = at(&project, "9.0.1", &["db", "migrate", "--post"], 3);
        assert!(refused.contains("a process of 9.0.1 that ran before named it"), "{refused}");
        // Other code runs.
        runtime.block_on(good.shutdown()).unwrap();
        let other = runtime.block_on(async { process(project.connect().await, "9.0.2").await });
        let _ = at(&project, "9.0.2", &["db", "migrate", "--post", "--wait", "1m"], 0);
        assert_eq!(state(&project), "contracted");
        let late = runtime.block_on(other.execute_unprepared("SELECT nickname FROM users"));
        let error = format!("{:?}", late.unwrap_err());
        assert!(error.contains("has been dropped"), "{error}");
        runtime.block_on(other.shutdown()).unwrap();
    });
}

#[test]
fn drop_goes_on_when_the_statements_may_fail() {
    each_database(|given| {
        let (project, runtime) = ignored(given.db);
        let shim = runtime.block_on(async {
            let shim = process(project.connect().await, "9.0.1").await;
            shim.execute_unprepared("SELECT nickname FROM users").await.unwrap();
            shim
        });
        until_recorded(&project);
        let allowed = ["db", "migrate", "--post", "--wait", "1m", "--allow", "statements"];
        let said = at(&project, "9.0.1", &allowed, 0);
        assert!(!said.contains("had no effect"), "{said}");
        assert_eq!(state(&project), "contracted");
        runtime.block_on(shim.shutdown()).unwrap();
    });
}

/// A process of the release before has code with the column: the contract waits for it to go.
#[test]
fn drop_waits_for_processes_of_earlier_releases() {
    each_database(|given| {
        let (project, runtime) = ignored(given.db);
        let old = runtime.block_on(async { process(project.connect().await, "8.9.0").await });
        let refused = at(&project, "9.0.1", &["db", "migrate", "--post"], 3);
        assert!(refused.contains("at 8.9.0"), "{refused}");
        runtime.block_on(old.shutdown()).unwrap();
        // Code without the column is running, so an insert must be able to leave it out.
        let new = runtime.block_on(async { process(project.connect().await, "9.0.0").await });
        let refused = at(&project, "9.0.0", &["db", "rollback", "--wait", "1m"], 3);
        assert!(refused.contains("the code of these processes leaves it out"), "{refused}");
        assert_eq!(state(&project), "ignored");
        runtime.block_on(new.shutdown()).unwrap();
        let _ = at(&project, "9.0.0", &["db", "rollback"], 0);
        assert_eq!(state(&project), "pending");
    });
}
