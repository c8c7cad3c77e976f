//! Files that would run too early, too late or not at all.

use super::{check, example, problem};
use crate::support::project::{Db, Project};

#[test]
fn an_id_in_the_future_is_a_problem() {
    let project = example("9.0.0");
    project.write("unreleased/29990101000000_x.sql", "SELECT 1");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `unreleased/29990101000000_x.sql` was made in the future: [time]
    hint: generate `unreleased/29990101000000_x.sql` again, or give it an id of today
    ");
}

#[test]
fn an_id_before_the_last_required_stop_is_a_problem() {
    let project = example("9.0.0");
    project.write("handover.yml", "required_stops: [9.0.0, 9.0.1]");
    project.write("unreleased/7_x.sql", "SELECT 1");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `unreleased/7_x.sql` was made before `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml` of 9.0.0, which no upgrade skips
    hint: generate `unreleased/7_x.sql` again, or give it an id of today
    ");
}

#[test]
fn a_required_stop_before_the_first_release_is_a_problem() {
    let project = example("9.0.0");
    project.write("handover.yml", "required_stops: [8.0.0]");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `required_stops` names 8.0.0, but the first migrations are of 9.0.0
    hint: correct `required_stops` in `handover.yml`, then run `handover check`
    ");
}

#[test]
fn a_required_stop_without_migrations_is_a_warning() {
    let project = example("9.0.0");
    project.write("handover.yml", "required_stops: [9.5.0]");
    insta::assert_snapshot!(check(&project, &[]), @r"
    3 migration files, no problem, 1 warning
    --- stderr ---
    warning: `required_stops` names 9.5.0, which has no migrations
    hint: make sure that 9.5.0 was released, or correct `required_stops` in `handover.yml`
    [exit 0]
    ");
}

#[test]
fn a_file_that_runs_after_a_missing_one_is_a_problem() {
    let project = example("9.0.0");
    project.write("unreleased/7_x.sql", "-- after: nothing\nSELECT 1");
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `unreleased/7_x.sql` has to run after `nothing`, which is not there
    hint: correct `after`; if it is a Rust function, check with the app's own command
    ");
}

#[test]
fn a_file_that_runs_after_a_later_one_is_a_problem() {
    let project = example("9.0.0");
    let sql = "-- after: rename_users_username_to_handle\nSELECT 1";
    project.write("release_migrations/9.0.0/7_x.sql", sql);
    insta::assert_snapshot!(problem(&project, &[]), @r"
    problem: `release_migrations/9.0.0/7_x.sql` has to run after `rename_users_username_to_handle`, which is done later, by `release_migrations/9.0.0/20261121093001_rename_users_username_to_handle.backfill.yml`
    hint: move `release_migrations/9.0.0/7_x.sql` to a release in which `rename_users_username_to_handle` is done before
    ");
}

#[test]
fn a_file_without_a_statement_is_a_warning() {
    let project = example("9.0.0");
    project.write("unreleased/7_x.sql", "-- nothing\n");
    insta::assert_snapshot!(check(&project, &[]), @r"
    4 migration files, no problem, 1 warning
    --- stderr ---
    warning: `unreleased/7_x.sql` has no statement
    hint: write its statements, or remove `unreleased/7_x.sql`
    [exit 0]
    ");
}

#[test]
fn an_unreleased_file_grows_old_as_the_settings_say() {
    let project = Project::new(Db::Sqlite);
    project.write("unreleased/20200101000000_x.sql", "SELECT 1");
    let output = check(&project, &[]).expect_status(0);
    assert!(output.stdout.contains("1 migration file, no problem, 1 warning"), "{output}");
    assert!(output.stderr.contains("days old and in no release"), "{output}");
    project.write("handover.yml", "check: { max_age: 3650days }");
    let output = check(&project, &["--strict"]).expect_status(0);
    assert!(output.stderr.is_empty(), "{output}");
}

#[test]
fn strict_makes_a_problem_of_a_warning() {
    let project = Project::new(Db::Sqlite);
    project.write("unreleased/20200101000000_x.sql", "SELECT 1");
    let _ = check(&project, &[]).expect_status(0);
    let _ = check(&project, &["--strict"]).expect_status(2);
}
