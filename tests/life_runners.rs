//! Several runners at once: each stage runs exactly once.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Stdio};
use std::thread;

use handover::database::{Access, Database, RunnerLock};

use crate::support::project::{Output, Project, each_database};
use crate::support::rename::{USERS, state};
use crate::support::wait::until;

const RUNNERS: usize = 8;

#[test]
fn life_runners_run_each_stage_once() {
    each_database(|project| {
        project.sql(
            "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE);
             INSERT INTO users VALUES (1, 'ada'), (2, 'grace'), (3, 'eve')",
        );
        USERS.write(project);
        let original = project.dump("users");
        for (version, reached, stages) in [
            ("9.0.0", "read_to", &["expand", "backfill"] as &[_]),
            ("9.0.1", "contracted", &["expand", "backfill", "contract"]),
        ] {
            project.version(version);
            let outputs = at_once(|| project.handover(&["db", "migrate", "--offline"]));
            for output in &outputs {
                assert!(matches!(output.status, Some(0 | 3)), "{output}");
            }
            // Each output tells of a stage when it begins it.
            for stage in
                stages.iter().filter(|stage| (**stage == "contract") == (version == "9.0.1"))
            {
                let begun = format!("{stage} of rename_it");
                let runs = outputs.iter().filter(|output| output.stderr.contains(&begun)).count();
                assert_eq!(runs, 1, "{stage}: {outputs:#?}");
            }
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(state(project), reached);
            let history = "SELECT stage || status FROM handover_migrations ORDER BY run_order";
            let done: Vec<_> = stages.iter().map(|stage| format!("{stage}done")).collect();
            assert_eq!(project.query(history), done);
        }
        let back = ["db", "rollback", "--step", "3"];
        let outputs = at_once(|| project.handover(&back));
        let mut statuses: Vec<_> = outputs.iter().map(|output| output.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[0], Some(0), "{outputs:#?}");
        assert_eq!(state(project), "pending");
        assert_eq!(project.dump("users"), original);
    });
}

/// A run that waits for processes does no work, so it keeps nobody else from working: neither another app nor
/// the next deploy, which takes its place.
#[test]
fn life_runners_let_others_work_while_they_wait() {
    each_database(|project| {
        expand(project);
        let other = project.beside();
        other.write("handover.yml", "app: reports\n");
        let _ = other.handover(&["db", "init", "--baseline", "none"]).expect_status(0);
        let sql = "CREATE TABLE sums (id integer)";
        other.write("release_migrations/1.0.0/20260101000000_sums.sql", sql);
        project.sql(OLD);
        let mut waiting = Waiting::begin(project);
        until("the other app works", || other.handover(&["db", "migrate"]).status == Some(0));
        assert_eq!(project.query("SELECT CAST(count(*) AS text) FROM sums"), ["0"]);
        assert_eq!(waiting.run.try_wait().unwrap(), None);
        assert_eq!(state(project), "dual_write");
        project.sql("DELETE FROM handover_instances");
        assert_eq!(waiting.end(), (Some(0), String::new()));
        assert_eq!(state(project), "read_to");

        let _ = project.handover(&["db", "rollback"]).expect_status(0);
        project.sql(OLD);
        let waiting = Waiting::begin(project);
        let sql = "CREATE TABLE meanwhile (id integer)";
        project.write("release_migrations/9.0.1/20301231000000_meanwhile.sql", sql);
        project.version("9.0.1");
        until("the next deploy works", || {
            project.handover(&["db", "migrate", "--pre"]).status == Some(0)
        });
        let (status, said) = waiting.end();
        assert_eq!(status, Some(3), "{said}");
        assert!(said.contains("9.0.1"), "{said}");
        project.sql("DELETE FROM handover_instances");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(project), "contracted");
    });
}

/// A run that finds the database taken when its time is over has not done what it was asked for.
#[test]
fn life_runners_say_that_another_run_has_the_database() {
    each_database(|project| {
        expand(project);
        project.sql(OLD);
        let waiting = Waiting::begin_for(project, "4s");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let database = Database::connect(&project.url, Access::Write).await.unwrap();
            let mut lock = RunnerLock::take(&database).await;
            while lock.is_err() {
                lock = RunnerLock::take(&database).await;
            }
            project.sql("DELETE FROM handover_instances");
            let (status, said) = waiting.end();
            assert_eq!(status, Some(3), "{said}");
            assert!(said.contains("another handover is migrating this database"), "{said}");
            lock.unwrap().release().await.unwrap();
            database.close().await;
        });
        assert_eq!(state(project), "dual_write");
        let _ = project.handover(&["db", "migrate", "--post"]).expect_status(0);
        assert_eq!(state(project), "read_to");
    });
}

/// Brings a project to `dual_write`.
fn expand(project: &Project) {
    project.sql(
        "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE);
         INSERT INTO users VALUES (1, 'ada')",
    );
    USERS.write(project);
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
}

/// A process of an earlier release.
const OLD: &str = "INSERT INTO handover_instances (id, host, pid, \"release\", acknowledged, \
                   registered_at, expires_at, reads_format) \
                   VALUES ('old', 'far', 7, '8.0.0', 9, 0, 99999999999999, 4)";

/// A run of `--post` that waits for a process of an earlier release.
struct Waiting {
    run: Child,
    said: BufReader<ChildStderr>,
}

impl Waiting {
    fn begin(project: &Project) -> Self {
        Self::begin_for(project, "5m")
    }

    fn begin_for(project: &Project, wait: &str) -> Self {
        let mut run = project.command(&["db", "migrate", "--post", "--wait", wait]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(run.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("waiting for far:7 at 8.0.0") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it has ended");
        }
        Self { run, said }
    }

    /// Its status, and what it refused.
    fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        let refused =
            said.lines().filter(|line| line.starts_with("refused") || line.contains("error"));
        let refused = refused.collect::<Vec<_>>().join("\n");
        (self.run.wait().unwrap().code(), refused)
    }
}

fn at_once(run: impl Fn() -> Output + Sync) -> Vec<Output> {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..RUNNERS).map(|_| scope.spawn(&run)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}
