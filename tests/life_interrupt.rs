//! A migration that is interrupted politely says so, and resumes.

use std::process::{Command, ExitStatus, Stdio};

use crate::life_kill::{LIFE, left, project, undisturbed, until, until_gone};
use crate::support::project::{Project, each_database};

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
