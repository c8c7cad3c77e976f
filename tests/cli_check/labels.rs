//! `check --labels`: what a merge request should be labelled with.

use super::{check, example};
use crate::support::project::Project;

const NEEDS_DOWNTIME: [&str; 2] = ["database-changes", "needs-downtime"];
const BEGINS_A_RENAME: [&str; 2] = ["database-changes", "required-stop"];

/// The worked example before its first release.
fn before() -> Project {
    example("8.17.0")
}

fn labels(project: &Project, arguments: &[&str]) -> Vec<String> {
    let output = check(project, &[&["--labels"], arguments].concat()).expect_status(0);
    output.stdout.lines().map(str::to_owned).collect()
}

fn labels_of_sql(sql: &str) -> Vec<String> {
    let project = before();
    project.write("unreleased/7_x.sql", sql);
    labels(&project, &[])
}

#[test]
fn no_label_without_a_migration_that_waits() {
    assert!(labels(&before(), &[]).is_empty());
}

#[test]
fn a_release_that_begins_a_rename_is_a_required_stop() {
    assert_eq!(labels(&before(), &["--target", "9.0.0"]), BEGINS_A_RENAME);
}

#[test]
fn a_release_that_ends_a_rename_is_not_a_required_stop() {
    assert_eq!(labels(&before(), &["--target", "9.0.1"]), ["database-changes"]);
}

#[test]
fn a_new_rename_is_a_required_stop() {
    let project = before();
    let _ = project.handover(&["gen", "rename", "posts.a", "b"]).expect_status(0);
    assert_eq!(labels(&project, &[]), BEGINS_A_RENAME);
}

#[test]
fn sql_that_holds_nobody_up_is_a_database_change() {
    assert_eq!(labels_of_sql("CREATE TABLE posts (id integer)"), ["database-changes"]);
}

#[test]
fn sql_that_locks_a_table_needs_downtime() {
    assert_eq!(labels_of_sql("CREATE INDEX i ON users (email)"), NEEDS_DOWNTIME);
}

#[test]
fn sql_that_cannot_be_read_needs_downtime() {
    assert_eq!(labels_of_sql("CREATE INDXE"), NEEDS_DOWNTIME);
}

#[test]
fn a_reserved_id_has_no_label() {
    let project = before();
    let _ = project.handover(&["gen", "reserve", "--release", "10.0.0"]).expect_status(0);
    assert!(labels(&project, &["--target", "10.0.0"]).is_empty());
}
