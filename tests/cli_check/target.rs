//! `check --target`: what is merged before a release is cut runs with that release, so nothing may
//! begin in a later one.

use std::fs;

use super::{check, example, problem};

#[test]
fn a_contract_may_follow_what_has_begun() {
    insta::assert_snapshot!(check(&example("9.0.0"), &["--target", "9.0.1"]), @r"
    3 migration files, no problem
    [exit 0]
    ");
}

#[test]
fn sql_for_a_later_release_is_a_problem() {
    let project = example("9.0.0");
    project.write("release_migrations/9.1.0/7_x.sql", "SELECT 1");
    insta::assert_snapshot!(problem(&project, &["--target", "9.0.1"]), @r"
    problem: `release_migrations/9.1.0/7_x.sql` begins in 9.1.0, but the next release is 9.0.1, and code that is merged now runs with it
    hint: move it to `unreleased/`, for the next cut, or merge it after 9.0.1 is cut
    ");
}

#[test]
fn sql_that_runs_after_a_later_roll_out_is_not_a_problem() {
    let project = example("9.0.0");
    project.write("release_migrations/9.1.0/7_x.post.sql", "SELECT 1");
    insta::assert_snapshot!(check(&project, &["--target", "9.0.1"]), @r"
    4 migration files, no problem
    [exit 0]
    ");
}

#[test]
fn a_rename_that_begins_in_a_later_release_is_a_problem() {
    let project = example("9.0.0");
    let rename = ["gen", "rename", "posts.a", "b", "--release", "9.1.0"];
    let _ = project.handover(&rename).expect_status(0);
    // Their ids are of today: the snapshot wants some that stay.
    for file in fs::read_dir(project.root().join("release_migrations/9.1.0")).unwrap() {
        let path = file.unwrap().path();
        let (id, name) = path.file_name().unwrap().to_str().unwrap().split_once('_').unwrap();
        let fixed = if name.contains("expand") { "6" } else { "7" };
        let text = fs::read_to_string(&path).unwrap().replace(id, fixed);
        project.write(&format!("release_migrations/9.1.0/{fixed}_{name}"), &text);
        fs::remove_file(&path).unwrap();
    }
    insta::assert_snapshot!(problem(&project, &["--target", "9.0.1"]), @r"
    problem: `release_migrations/9.1.0/6_rename_posts_a_to_b.expand.yml` begins in 9.1.0, but the next release is 9.0.1, and code that is merged now runs with it
    hint: move it to `unreleased/`, for the next cut, or merge it after 9.0.1 is cut
    ");
}

#[test]
fn a_target_before_the_apps_release_is_refused() {
    insta::assert_snapshot!(check(&example("9.1.0"), &["--target", "9.0.1"]), @r"
    --- stderr ---
    error: `--target 9.0.1` is before 9.1.0, the app's release
    hint: give the next release, such as `--target 9.1.1`
    [exit 2]
    ");
}
