//! Maintenance of a table and a migration of it (PostgreSQL): who waits for whom, and who says so.

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::support::postgres;
use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};
use crate::support::server::Postgres;
use crate::support::wait::until;

/// Begins an autovacuum within a second, wherever one is due.
const EAGER: &str = "-c autovacuum_naptime=1s";

/// An autovacuum of this table is due with the first dead row, and rests after every page.
const THROTTLED: &str = "autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, \
                         autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_cost_delay = 100";

fn project(server: &Postgres, options: &str) -> Project {
    let project = Project::at(Db::Postgres, server.url("postgres"));
    project.sql(&format!(
        "CREATE TABLE users (id int PRIMARY KEY, username text NOT NULL, n int) WITH ({options});
         INSERT INTO users SELECT n, 'name ' || n, 0 FROM generate_series(1, 20000) AS n;
         UPDATE users SET n = 1"
    ));
    USERS.write(&project);
    project.version("9.0.0");
    project
}

/// The process of the autovacuum that is under way on `users`.
fn worker(project: &Project) -> Vec<String> {
    project.query(
        "SELECT p.pid::text FROM pg_stat_progress_vacuum p JOIN pg_stat_activity a USING (pid) \
         WHERE p.relid = 'users'::regclass AND a.backend_type = 'autovacuum worker'",
    )
}

#[test]
fn life_autovacuum_gives_way_to_a_migration() {
    let server = postgres::own_server(EAGER);
    let project = project(&server, THROTTLED);
    for stage in ["--pre", "--post"] {
        until("an autovacuum is under way", || !worker(&project).is_empty());
        let migrate = ["db", "migrate", "--offline", "--lock-patience", "20s", stage];
        let output = project.handover(&migrate).expect_status(0);
        let waits = output.stderr.lines().any(|line| {
            line.starts_with("  waiting for pid ") && line.contains("autovacuum, open for")
        });
        assert!(waits, "{output}");
    }
    USERS.expect_equal(&project);
    assert_eq!(state(&project), "read_to");
}

#[test]
fn life_autovacuum_to_prevent_wraparound_is_waited_for_by_name() {
    let server = postgres::own_server(EAGER);
    let project = project(&server, &format!("{THROTTLED}, autovacuum_freeze_max_age = 100000"));
    server.run(
        "postgres",
        &["DO $$ BEGIN FOR n IN 1..100001 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$"],
    );
    let forced = "SELECT pid::text FROM pg_stat_activity \
                  WHERE query LIKE 'autovacuum: VACUUM %public.users (to prevent wraparound)'";
    until("an autovacuum is under way that nobody cancels", || {
        // One that began before is in its way, and is one that is cancelled.
        project.sql(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
             WHERE query LIKE 'autovacuum: VACUUM %public.users' \
             AND backend_type = 'autovacuum worker'",
        );
        !project.query(forced).is_empty()
    });
    let output = project
        .handover(&["db", "migrate", "--offline", "--lock-patience", "1s", "--pre"])
        .expect_status(3);
    let pid = &project.query(forced)[0];
    for part in [
        &format!("an autovacuum to prevent wraparound holds table `users`: pid {pid} ("),
        "  waiting for pid ",
        "\nhint: wait until it has ended",
        "`VACUUM (FREEZE) users`",
    ] {
        assert!(output.stderr.contains(part), "{part}?\n{output}");
    }
    assert_eq!(state(&project), "");
}

/// Somebody who holds what a migration queues for, or waits for what it holds, makes it give up and
/// is named; the app reads and writes meanwhile.
#[tokio::test]
async fn life_autovacuum_and_maintenance_by_hand() {
    let project = Project::new(Db::Postgres);
    project.sql("CREATE TABLE users (id int PRIMARY KEY, username text NOT NULL)");
    project.sql("INSERT INTO users VALUES (1, 'ada')");
    USERS.write(&project);
    project.version("9.0.0");
    let db = project.connect().await;
    let maintenance = db.begin().await.unwrap();
    maintenance
        .execute_unprepared(
            "SET LOCAL application_name = 'nightly'; \
             LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE",
        )
        .await
        .unwrap();
    let migrate = ["db", "migrate", "--offline", "--lock-patience", "3s", "--pre"];
    let mut runner = project.command(&migrate);
    let runner = runner.stderr(std::process::Stdio::piped()).spawn().unwrap();
    until("the migration queues", || {
        let queues = "SELECT pid::text FROM pg_locks WHERE relation = 'users'::regclass \
                      AND mode = 'ShareUpdateExclusiveLock' AND NOT granted";
        !project.query(queues).is_empty()
    });
    // Would wait for good if it queued behind the migration.
    project.sql("SET lock_timeout = '10s'; UPDATE users SET username = 'ada'; SELECT * FROM users");
    let said = runner.wait_with_output().unwrap();
    let output = project.output(said).expect_status(3);
    let held = "transactions that stay open hold table `users`: pid ";
    assert!(output.stderr.contains(held), "{output}");
    assert!(output.stderr.contains("(nightly, idle in transaction, open for "), "{output}");
    assert!(output.stderr.contains("  waiting for pid "), "{output}");
    maintenance.rollback().await.unwrap();
    let _ = project.handover(&migrate).expect_status(0);
    assert_eq!(state(&project), "dual_write");
}
