//! A copy that is steered while it runs: by its operator, by the health of the database, by the time
//! that its batches take, and by how many of them run at the same time.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::project::{Db, Project, each_database};
use crate::support::rename::{USERS, state};
use crate::support::wait::{until, until_gone};

/// A table with a hundred rows in `dual_write`.
fn dual_write(project: &Project, table: &str) {
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100)";
    project.sql(table);
    project.sql(&match project.db {
        Db::Mariadb => {
            format!(
                "INSERT INTO users (id, username) {numbers} SELECT n, concat('name ', n) FROM n"
            )
        }
        _ => format!("INSERT INTO users (id, username) {numbers} SELECT n, 'name ' || n FROM n"),
    });
    USERS.write(project);
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--offline", "--pre"]).expect_status(0);
}

const TABLE: &str = "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL)";

/// A backfill that runs beside the test, and what it has said so far.
struct Runner<'p> {
    project: &'p Project,
    process: Child,
}

impl<'p> Runner<'p> {
    fn start(project: &'p Project, arguments: &[&str]) -> Self {
        let said = File::create(project.root().join("said")).unwrap();
        let arguments = [&["db", "migrate", "--offline", "--post"], arguments].concat();
        let process =
            project.command(&arguments).stdout(Stdio::null()).stderr(said).spawn().unwrap();
        Self { project, process }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.project.root().join("said")).unwrap()
    }

    fn until_said(&self, text: &str) {
        until(text, || self.said().contains(text));
    }

    fn stop(mut self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(self.process.wait().unwrap().code(), Some(4), "{}", self.said());
        until_gone(self.project);
    }

    fn expect_done(mut self) {
        assert_eq!(self.process.wait().unwrap().code(), Some(0), "{}", self.said());
        USERS.expect_equal(self.project);
        assert_eq!(state(self.project), "read_to");
        let left = self.project.query("SELECT change_name FROM handover_backfills");
        assert_eq!(left, [""; 0]);
    }
}

fn copied(project: &Project) -> String {
    project.query("SELECT CAST(count(handle) AS text) FROM users").remove(0)
}

/// What `status` tells programs of the only copy.
fn status(project: &Project) -> Value {
    let output = project.handover(&["db", "status", "--json"]).expect_status(0);
    let status: Value = serde_json::from_str(&output.stdout).unwrap();
    status["changes"][0]["backfill"].clone()
}

#[test]
fn life_steered_copy_is_paused_tuned_and_resumed() {
    each_database(|project| {
        dual_write(project, TABLE);
        // The tables of an earlier release have no place for what is asked; it gets one.
        project.sql("ALTER TABLE handover_backfills DROP COLUMN control");
        let _ = project.handover(&["db", "status"]).expect_status(0);
        let output = project.handover(&["db", "backfill", "pause"]).expect_status(0);
        assert!(output.stdout.contains("the copy of `rename_it` waits"), "{output}");
        // It survives the runner.
        for _ in 0..2 {
            let runner = Runner::start(project, &[]);
            runner.until_said("the copy waits: paused by `handover db backfill pause`");
            runner.stop();
        }
        assert_eq!((copied(project).as_str(), &status(project)["paused"]), ("0", &true.into()));

        let tune = ["db", "backfill", "tune", "--batch-size", "3", "--pause", "1h", "rename_it"];
        let _ = project.handover(&tune).expect_status(0);
        let runner = Runner::start(project, &["--batch-size", "50"]);
        runner.until_said("the copy waits: paused");
        let _ = project.handover(&["db", "backfill", "resume"]).expect_status(0);
        until("a batch is copied", || copied(project) != "0");
        assert_eq!(copied(project), "3");
        let now = status(project);
        assert_eq!((&now["rows_walked"], &now["paused"]), (&3.into(), &false.into()), "{now}");
        assert_eq!((&now["batch_size"], &now["pause_ms"]), (&3.into(), &3_600_000.into()));
        runner.stop();

        let tune = ["db", "backfill", "tune", "--pause", "0ms"];
        let _ = project.handover(&tune).expect_status(0);
        Runner::start(project, &[]).expect_done();
        let output = project.handover(&["db", "backfill", "pause"]).expect_status(2);
        assert!(output.stderr.contains("no change has a copy under way"), "{output}");
        let output = project.handover(&["db", "backfill", "pause", "other"]).expect_status(2);
        assert!(output.stderr.contains("change `other` has no copy under way"), "{output}");
    });
}

#[test]
fn life_steered_by_a_health_query() {
    each_database(|project| {
        dual_write(project, TABLE);
        project.sql("CREATE TABLE go (id integer)");
        let query = ["--health-query", "SELECT count(*) > 0 FROM go;"];
        let runner = Runner::start(project, &query);
        runner.until_said("the copy waits: the `health_query` does not return true");
        assert_eq!(copied(project), "0");
        project.sql("INSERT INTO go VALUES (1)");
        runner.expect_done();
    });
}

#[test]
fn life_steered_by_what_cannot_be_asked() {
    each_database(|project| {
        dual_write(project, TABLE);
        let post = ["db", "migrate", "--offline", "--post"];
        let wrong = [&post[..], &["--health-query", "SELECT nothing FROM nowhere"]].concat();
        let output = project.handover(&wrong).expect_status(1);
        assert!(output.stderr.contains("the query of `backfill.health_query` failed"), "{output}");
        assert!(output.stderr.contains("hint: correct the query"), "{output}");
        let lag = [&post[..], &["--max-replica-lag", "2s"]].concat();
        if project.db == Db::Postgres {
            let _ = project.handover(&lag).expect_status(0);
            return;
        }
        let output = project.handover(&lag).expect_status(1);
        assert!(output.stderr.contains("does not tell how far a replica is behind"), "{output}");
        assert_eq!(copied(project), "0");
        let more = [&post[..], &["--backfill-workers", "3"]].concat();
        let output = project.handover(&more).expect_status(0);
        let warning = "warning: copying with 1 worker instead of 3: ";
        assert!(output.stderr.contains(warning), "{output}");
        USERS.expect_equal(project);
    });
}

/// Several workers, each with a part of the table: killed in the middle and resumed by fewer or
/// more, they have copied every row, by whatever it is that rows are walked by.
#[test]
fn life_steered_workers_are_killed_and_resumed() {
    for key in [
        "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL)",
        "CREATE TABLE users (id integer, k text DEFAULT 'it''s', username text, PRIMARY KEY (k, id))",
        "CREATE TABLE users (id integer, username text)",
    ] {
        let project = Project::new(Db::Postgres);
        dual_write(&project, key);
        project.sql(
            "INSERT INTO users (id, username) SELECT n, 'more ' || n
             FROM generate_series(101, 5000) AS n; ANALYZE users",
        );
        let cursor = || project.query("SELECT cursor FROM handover_backfills").join("");
        for (workers, batches) in [("3", 5), ("2", 9), ("1", 3), ("4", 4)] {
            let arguments = ["--backfill-workers", workers, "--batch-size", "100"];
            let arguments = [&["db", "migrate", "--offline", "--post"], &arguments[..]].concat();
            let point = format!("migrator::copy::batch={batches}*off->return");
            let output = project.command(&arguments).env("FAILPOINTS", point).output().unwrap();
            until_gone(&project);
            assert_eq!(output.status.code(), None, "{workers}, {key}: {output:?}");
            assert!(cursor().contains(r#""parts":[{"#), "{workers}, {key}: {}", cursor());
        }
        let walked = status(&project)["rows_walked"].as_u64().unwrap();
        assert!(walked > 0 && walked < 5000, "{walked} of 5000, {key}");
        let copied: u64 = copied(&project).parse().unwrap();
        assert!((1500..5000).contains(&copied), "{copied} of 5000, {key}");
        Runner::start(&project, &["--backfill-workers", "2"]).expect_done();
    }
}

/// What an earlier release has noted of a copy is where this one goes on.
#[test]
fn life_steered_copy_of_an_earlier_release_is_resumed() {
    each_database(|project| {
        dual_write(project, TABLE);
        let point = "migrator::copy::batch=2*off->return";
        let arguments = ["db", "migrate", "--offline", "--post", "--batch-size", "10"];
        let output = project.command(&arguments).env("FAILPOINTS", point).output().unwrap();
        until_gone(project);
        assert_eq!(output.status.code(), None, "{output:?}");
        let cursor = project.query("SELECT \"cursor\" FROM handover_backfills").remove(0);
        let mut cursor: Value = serde_json::from_str(&cursor).unwrap();
        let rows = cursor.as_object_mut().unwrap().remove("rows");
        assert_eq!(rows, Some(30.into()));
        let keys: Vec<&String> = cursor.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["after", "batches", "end"]);
        let text = cursor.to_string().replace('\'', "''");
        project.sql(&format!("UPDATE handover_backfills SET \"cursor\" = '{text}'"));
        project.sql("ALTER TABLE handover_backfills DROP COLUMN control");
        // Only what comes after the cursor is walked: this is for the comparison to find.
        project.sql("UPDATE users SET handle = NULL WHERE id = 1");
        let resumed =
            project.command(&arguments).env("RUST_LOG", "handover=info").output().unwrap();
        let resumed = project.output(resumed).expect_status(0);
        let copied = |rows: u32| format!("rows={rows} ");
        assert!(resumed.stderr.contains(&copied(70)), "{resumed}");
        assert!(resumed.stderr.contains(&copied(1)), "{resumed}");
        USERS.expect_equal(project);
    });
}
