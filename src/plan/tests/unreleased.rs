//! Migrations in `unreleased/`.

use super::*;

#[test]
fn an_unreleased_file_waits_while_what_is_released_runs() {
    let mut migrations = vec![sql(5, "add_index", "9.0.0")];
    migrations.extend(rename(10, "users.username", "handle", ["", "", ""]));
    let (none, nobody) = (History::default(), Fleet::default());
    let plan = assert_plan(&migrations, &none, &nobody, &request("9.0.0"), &[5], &[]);
    let unreleased = plan.later.iter().filter(|later| later.reason == Reason::Unreleased);
    assert_eq!(unreleased.map(|later| later.id).collect::<Vec<_>>(), [10, 11, 12]);
    // The database has what 9.0.0 needs as soon as the released file has run.
    let ran = history(&[done(&migrations[0], "9.0.0")]);
    let plan = assert_plan(&migrations, &ran, &nobody, &request("9.0.0"), &[], &[]);
    assert!(plan.is_complete());
}

#[test]
fn unreleased_files_run_on_request_as_part_of_the_apps_release() {
    let migrations = rename(10, "users.username", "handle", ["", "", ""]);
    let (none, nobody) = (History::default(), Fleet::default());
    let allowed = Request { allow_unreleased: true, ..request("9.0.0") };
    let refused = ["RequiredStop"];
    assert_plan(&migrations, &none, &nobody, &allowed, &[10, 11], &refused);
    let offline = Request { offline: true, ..allowed };
    let plan = assert_plan(&migrations, &none, &nobody, &offline, &[10, 11, 12], &[]);
    assert_eq!(plan.run[0].release, "9.0.0".parse().unwrap());
    assert_plan(&migrations, &after(&migrations, 3, "9.0.0"), &nobody, &request("9.0.0"), &[], &[]);
}

#[test]
fn an_unreleased_file_that_was_interrupted_is_refused() {
    let mut migrations = rename(10, "users.username", "handle", ["", "", ""]);
    migrations.push(sql(20, "add_index", "9.0.0"));
    let mut ran = after(&migrations, 2, "9.0.0");
    ran.migrations[1].status = MigrationStatus::Running;
    let nobody = Fleet::default();
    let plan = assert_plan(&migrations, &ran, &nobody, &request("9.0.0"), &[20], &["Unreleased"]);
    assert_eq!(
        plan.refused[0].to_string(),
        "`unreleased/11_rename_users_username_to_handle.backfill.yml` was interrupted, and it is in \
         no release"
    );
    assert!(plan.refused[0].hint().unwrap().contains("--with-unreleased"));
}

#[test]
fn what_comes_after_an_unreleased_file_says_so() {
    let mut migrations = vec![sql(5, "fill", ""), sql(6, "add_index", "9.0.0")];
    migrations[1].after = vec!["fill".parse().unwrap()];
    let (none, nobody) = (History::default(), Fleet::default());
    let plan = assert_plan(&migrations, &none, &nobody, &request("9.0.0"), &[], &["After"]);
    assert!(plan.refused[0].to_string().ends_with("comes after `fill`, which is in no release"));
    assert!(plan.refused[0].hint().unwrap().contains("handover release cut"));
}
