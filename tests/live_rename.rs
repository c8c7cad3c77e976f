//! The example, as a test: a rename or a drop under traffic loses nothing, forth and
//! back; and the example does see it when a rule of the protocol is broken.

use std::fmt;
use std::process::Command;

use serde_json::Value;

use crate::support::example::example;
use crate::support::project::{Db, Project};

#[test]
fn a_rename_under_traffic_loses_nothing() {
    let _ = expect_nothing_lost(&["--and-back", "--seconds-per-stage", "1"]);
}

#[test]
fn a_rename_in_place_under_traffic_loses_nothing() {
    let arguments = ["--and-back", "--change", "in-place", "--seconds-per-stage", "0.6"];
    let _ = expect_nothing_lost(&arguments);
}

#[test]
fn a_change_of_type_under_traffic_loses_nothing() {
    let runs =
        expect_nothing_lost(&["--and-back", "--change", "retype", "--seconds-per-stage", "0.6"]);
    for run in runs {
        assert!(run.timeline.contains("done: contract of retype_users_version_to_bigint"), "{run}");
    }
}

#[test]
fn a_drop_under_traffic_loses_nothing() {
    let arguments = ["--and-back", "--change", "drop", "--seconds-per-stage", "0.6"];
    for run in expect_nothing_lost(&arguments) {
        // They were compared, one by one, as the last process of 9.0.1 ended.
        let aside = run.timeline.lines().find_map(|line| {
            line.split_once(" nicknames are in `nickname_dropped`")?.0.rsplit(' ').next()
        });
        assert!(aside.unwrap().parse::<u64>().unwrap() > 100, "{run}");
        assert!(run.timeline.contains("done: purge of drop_users_nickname"), "{run}");
    }
}

fn expect_nothing_lost(arguments: &[&str]) -> Vec<Run> {
    let clean = |db| {
        let project = &Project::bare(db);
        let run = run(project, arguments, "");
        assert_eq!(run.status, Some(0), "{run}");
        assert_eq!(run.tally["error"], Value::Null, "{run}");
        assert_eq!((run.number("failed"), run.number("lost")), (0, 0), "{run}");
        // What MariaDB ends as a deadlock is the app's to run again; elsewhere nothing is.
        let few = if db == Db::Mariadb { run.number("statements") / 200 } else { 0 };
        assert!(run.number("deadlocks") <= few, "{run}");
        assert!(run.number("statements") > 1000, "{run}");
        assert!(run.number("acknowledged") > 500, "{run}");
        run
    };
    Db::ALL.into_iter().map(clean).collect()
}

/// Without this, a green run above could mean that nobody looked.
#[cfg(feature = "failpoints")]
#[test]
fn a_shim_that_writes_one_column_only_is_found_out() {
    for db in Db::ALL {
        expect_trouble(db, "shim::dual_write=return");
    }
}

#[cfg(feature = "failpoints")]
#[test]
fn a_migration_that_waits_for_nobody_is_found_out() {
    // On SQLite the shim mends nearly every statement that this breaks: too few errors come
    // through to count on.
    expect_trouble(Db::Postgres, "fleet::acknowledged=return");
}

/// How many runs it takes at most. On a busy machine there are few statements, and the shim may happen
/// to mend each of them that meets the wrong state.
#[cfg(feature = "failpoints")]
const RUNS: usize = 5;

#[cfg(feature = "failpoints")]
fn expect_trouble(db: Db, failpoints: &str) {
    let in_trouble = |_| {
        let project = Project::bare(db);
        let run = run(&project, &["--and-back", "--seconds-per-stage", "1"], failpoints);
        let trouble = run.number("failed") + run.number("lost");
        assert_eq!(run.status, Some(i32::from(trouble > 0)), "{run}");
        trouble > 0
    };
    assert!((0..RUNS).any(in_trouble), "{failpoints} was not found out on {db:?}");
}

struct Run {
    status: Option<i32>,
    tally: Value,
    timeline: String,
}

impl Run {
    fn number(&self, name: &str) -> u64 {
        self.tally[name].as_u64().unwrap_or_else(|| panic!("no {name}: {self}"))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{:#}\nended with {:?}", self.timeline, self.tally, self.status)
    }
}

fn run(project: &Project, arguments: &[&str], failpoints: &str) -> Run {
    let mut example = Command::new(example("live_rename"));
    example
        .args(["--json", "--handover", env!("CARGO_BIN_EXE_handover")])
        .args(arguments)
        .env("TMPDIR", project.root())
        .env("FAILPOINTS", failpoints);
    if project.db != Db::Sqlite {
        example.args(["--database-url", &project.url]);
    }
    let output = example.output().unwrap();
    let timeline = String::from_utf8(output.stderr).unwrap();
    let tally = serde_json::from_slice(&output.stdout);
    let tally = tally.unwrap_or_else(|error| panic!("no tally: {error}\n{timeline}"));
    Run { status: output.status.code(), tally, timeline }
}
