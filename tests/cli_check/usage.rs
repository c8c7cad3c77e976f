//! `check` that is typed wrong, and the file with the app's release.

use super::{check, example};
use crate::support::project::{Db, Project};
use crate::support::spoil::remove;

#[test]
fn a_target_that_is_not_a_version() {
    insta::assert_snapshot!(check(&example("9.0.0"), &["--target", "v9"]), @r"
    --- stderr ---
    error: `--target` is not a valid release
    caused by: `v9` is not a version of the form `9.0.0`
    hint: give a release such as `--target 9.0.0`, or set `release: { scheme: sequence }` in `handover.yml` if releases are numbered that way
    [exit 2]
    ");
}

#[test]
fn a_target_with_build_metadata() {
    insta::assert_snapshot!(check(&example("9.0.0"), &["--target", "9.0.0+b"]), @r"
    --- stderr ---
    error: `--target` is not a valid release
    caused by: `9.0.0+b` has build metadata, which does not order releases
    hint: give a release such as `--target 9.0.0`
    [exit 2]
    ");
}

#[test]
fn a_format_that_is_not_known() {
    insta::assert_snapshot!(check(&example("9.0.0"), &["--format", "xml"]), @r"
    --- stderr ---
    error: invalid value 'xml' for '--format <FORMAT>'
      [possible values: human, json, sarif, github]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn an_argument_too_many() {
    insta::assert_snapshot!(check(&example("9.0.0"), &["x"]), @r"
    --- stderr ---
    error: unexpected argument 'x' found

    Usage: handover check [OPTIONS]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn the_apps_release_need_not_be_known() {
    let project = Project::new(Db::Sqlite);
    remove(&project, "VERSION");
    let _ = check(&project, &[]).expect_status(0);
}

#[test]
fn a_file_of_the_apps_release_has_to_be_right() {
    let project = Project::new(Db::Sqlite);
    project.write("VERSION", "v9\n");
    let _ = check(&project, &[]).expect_status(2);
}
