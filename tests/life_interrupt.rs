//! A migration that is interrupted politely says so, and resumes.

use std::process::{Command, ExitStatus, Stdio};

use crate::life_kill::{LIFE, left, project, undisturbed};
use crate::support::app;
use crate::support::project::{Project, each_database};
use crate::support::rename::state;
use crate::support::wait::{until, until_gone};

#[test]
fn life_interrupt_and_resume() {
    each_database(|undisturbed_project| {
        let db = undisturbed_project.db;
        let expect = undisturbed(db);
        let project = project(db);
        project.version("9.0.0");
        let _ = project.handover(LIFE[0].1).expect_status(0);
        for signal in ["-INT", "-TERM"] {
            let status = interrupted(&project, signal);
            assert_eq!(status.code(), Some(4), "{signal}");
        }
        let output = project.handover(LIFE[1].1).expect_status(0);
        assert!(output.stderr.contains("resum"), "{output}");
        assert_eq!(left(&project), expect[1]);
    });
}

/// Stops a backfill by a signal after it has copied a batch.
fn interrupted(project: &Project, signal: &str) -> ExitStatus {
    let copied = || project.query("SELECT rows_copied || '' FROM handover_backfills").join("");
    let before = copied();
    let arguments = ["db", "migrate", "--offline", "--batch-size", "1", "--batch-pause", "1h"];
    let mut process =
        project.command(&arguments).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    until("a batch is copied", || copied() != before);
    let pid = process.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    let status = process.wait().unwrap();
    until_gone(project);
    status
}

/// A copy that takes longer than a release: the releases after it go on, but for what says that it
/// comes after the copy, and the contract.
#[test]
fn life_interrupt_of_a_backfill_that_goes_on_over_releases() {
    each_database(|project| {
        project.sql(app::users(project.db));
        project.sql("INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')");
        project.version("9.0.0");
        let releases = ["--release", "9.0.0", "--contract-release", "9.2.0"];
        let arguments = [&["gen", "rename", "users.username", "handle"][..], &releases].concat();
        let _ = project.handover(&arguments).expect_status(0);
        let table = |name: &str| format!("CREATE TABLE {name} (id integer PRIMARY KEY)");
        let after = format!("-- after: rename_users_username_to_handle\n{}", table("late"));
        project.write("release_migrations/9.1.0/20270101000001_other.sql", &table("other"));
        project.write("release_migrations/9.1.0/20270101000002_late.sql", &after);
        let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
        assert_eq!(interrupted(project, "-INT").code(), Some(4));
        project.version("9.1.0");
        let output = project.handover(&["db", "migrate", "--pre"]).expect_status(3);
        let expect = "migration `late` (release 9.1.0) comes after `rename_users_username_to_handle`, \
                      which is not done\nhint: run `handover db migrate --post` until it is done";
        assert!(output.stderr.contains(expect), "{output}");
        let ran = || {
            project.query(
                "SELECT slug FROM handover_migrations WHERE status = 'done' ORDER BY run_order",
            )
        };
        assert_eq!(ran(), ["rename_users_username_to_handle", "other"]);
        assert_eq!(interrupted(project, "-TERM").code(), Some(4));
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(project), "read_to");
        assert_eq!(ran().len(), 4);
        project.version("9.2.0");
        let _ = project.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(project), "contracted");
    });
}
