//! A new state is announced where the database can announce: a process acknowledges it without
//! waiting for its next look. Where nothing is heard, it looks.

use std::time::Duration;

use handover::{Releases, Shim, ShimBuilder};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};

use crate::support::app;
use crate::support::project::{Db, Project};
use crate::support::wait::until_async;

/// Longer than a test may take: a process that looks this seldom has been told.
const NEVER: Duration = Duration::from_hours(1);

fn project() -> Project {
    let project = Project::new(Db::Postgres);
    project.sql(app::users(project.db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
    project.copy_worked_example();
    project.version("9.0.0");
    project
}

fn migrate(project: &Project, phase: &str) {
    let _ = project.handover(&["db", "migrate", phase, "--wait", "30s"]).expect_status(0);
}

fn run(test: impl AsyncFn(&Project)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(test(&project()));
}

async fn builder(project: &Project) -> ShimBuilder {
    Shim::builder(project.connect().await, Releases::default())
        .app_version("9.0.0")
        .lease(Duration::from_hours(12))
}

/// The sessions that listen for announcements.
fn listening(project: &Project) -> Vec<String> {
    project.query(
        "SELECT CAST(pid AS text) FROM pg_stat_activity \
         WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    )
}

async fn until_it_listens(project: &Project) {
    until_async("the process listens", async || listening(project).len() == 1).await;
}

fn acknowledged(project: &Project) -> Vec<String> {
    project.query("SELECT CAST(acknowledged AS text) FROM handover_instances")
}

async fn until_acknowledged(project: &Project, epoch: &str) {
    until_async("the state is acknowledged", async || acknowledged(project) == [epoch]).await;
}

/// Neither to see the new state nor to see that nothing uses the one before has the process to look.
#[test]
fn life_announce_a_state_is_acknowledged_when_nothing_uses_the_one_before() {
    run(async |project| {
        let shim = builder(project).await.look_every(NEVER).start().await.unwrap();
        until_it_listens(project).await;
        migrate(project, "--pre");
        until_acknowledged(project, "1").await;

        let in_use = shim.rewrite("SELECT handle FROM users").await.unwrap();
        assert!(in_use.sql().contains("username"), "{}", in_use.sql());
        migrate(project, "--post");
        until_async("the process has the new mapping", async || {
            !shim.rewrite("SELECT handle FROM users").await.unwrap().sql().contains("username")
        })
        .await;
        assert_eq!(acknowledged(project), ["1"]);
        drop(in_use);
        until_acknowledged(project, "2").await;
        shim.shutdown().await.unwrap();
    });
}

/// What was announced while nobody listened is seen when it listens again.
#[test]
fn life_announce_a_process_listens_again_when_the_connection_is_lost() {
    run(async |project| {
        let shim = builder(project).await.look_every(NEVER).start().await.unwrap();
        until_it_listens(project).await;
        let lost = listening(project).remove(0);
        project.query(&format!("SELECT CAST(pg_terminate_backend({lost}) AS text)"));
        migrate(project, "--pre");
        until_acknowledged(project, "1").await;
        until_async("it listens again", async || {
            listening(project).first().is_some_and(|own| *own != lost)
        })
        .await;
        migrate(project, "--post");
        until_acknowledged(project, "2").await;
        shim.shutdown().await.unwrap();
    });
}

/// A role that may have one connection more than the pool, and then no longer: the app's statements
/// have theirs all the time, and the process looks for itself.
#[test]
fn life_announce_a_process_that_cannot_listen_looks() {
    run(async |project| {
        let name = project.query("SELECT CAST(current_database() AS text)").remove(0);
        project.sql(&format!(
            "CREATE ROLE app_{name} LOGIN CONNECTION LIMIT 2;
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_{name}"
        ));
        let mut url = url::Url::parse(&project.url).unwrap();
        url.set_username(&format!("app_{name}")).unwrap();
        let mut options = ConnectOptions::new(url);
        options.min_connections(1).max_connections(1).sqlx_logging(false);
        let pool = Database::connect(options).await.unwrap();
        let shim = Shim::builder(pool, Releases::default()).app_version("9.0.0");
        let shim = shim.start().await.unwrap();
        until_it_listens(project).await;

        project.sql(&format!("ALTER ROLE app_{name} CONNECTION LIMIT 1"));
        let lost = listening(project).remove(0);
        project.query(&format!("SELECT CAST(pg_terminate_backend({lost}) AS text)"));
        migrate(project, "--pre");
        until_acknowledged(project, "1").await;
        assert_eq!(listening(project), [""; 0]);
        shim.execute_unprepared("UPDATE users SET handle = 'grace'").await.unwrap();
        shim.shutdown().await.unwrap();
    });
}

#[test]
fn life_announce_nobody_listens_for_a_shim_that_is_gone() {
    run(async |project| {
        let shim = builder(project).await.start().await.unwrap();
        until_it_listens(project).await;
        drop(shim);
        until_async("the dropped one is gone", async || listening(project).is_empty()).await;

        let shim = builder(project).await.start().await.unwrap();
        until_it_listens(project).await;
        shim.shutdown().await.unwrap();
        until_async("the one shut down is gone", async || listening(project).is_empty()).await;
        shim.execute_unprepared("UPDATE users SET username = 'grace'").await.unwrap();
    });
}
