//! Each gate, as a table: what is asked for, what ran, who runs; and what comes of it.

mod admission;
mod fleet;
mod orm;
mod unreleased;

use super::sample::{after, done, fleet, history, record};
use super::*;
use crate::model::{ChangeKind, MigrationStatus, State};
use crate::releases::Migration;
use crate::releases::sample::{rename, sql};

fn request(version: &str) -> Request {
    Request {
        version: version.parse().unwrap(),
        phase: Phase::All,
        offline: false,
        purge_at_once: false,
        any_app: false,
        any_session: false,
        allow_unreleased: false,
        stops: Vec::new(),
        minimum: None,
        slots: Vec::new(),
        orm_migrations: Vec::new(),
        began_empty: false,
    }
}

/// `users.username` to `handle`, from 9.0.0 to 9.0.1.
fn users() -> Vec<Migration> {
    rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"])
}

/// The ids to run, and the names of the gates that refused.
fn outcome(plan: &Plan) -> (Vec<u64>, Vec<String>) {
    let gate = |refusal: &Refusal| {
        assert!(refusal.hint().is_some());
        let text = format!("{refusal:?}");
        text.split(' ').next().unwrap().to_owned()
    };
    let run = plan.run.iter().map(|planned| planned.migration.id).collect();
    (run, plan.refused.iter().map(gate).collect())
}

#[track_caller]
fn assert_plan(
    migrations: &[Migration],
    history: &History,
    fleet: &Fleet,
    request: &Request,
    run: &[u64],
    refused: &[&str],
) -> Plan {
    let plan = plan(migrations, history, fleet, request).unwrap();
    let refused: Vec<String> = refused.iter().map(|&gate| gate.to_owned()).collect();
    assert_eq!(outcome(&plan), (run.to_vec(), refused), "{plan:#?}");
    plan
}

#[test]
fn a_stage_waits_for_its_release() {
    let nobody = Fleet::default();
    for (version, done, app, run, refused) in [
        ("8.17.0", 0, "8.17.0", vec![], vec![]),
        ("9.0.0", 0, "", vec![10, 11], vec![]),
        // A pre-release counts as its release.
        ("9.0.0-rc.1", 0, "", vec![10, 11], vec![]),
        ("9.0.0", 2, "9.0.0", vec![], vec![]),
        ("9.0.1", 2, "9.0.0", vec![12], vec![]),
        ("9.0.1", 2, "9.0.0-rc.1", vec![12], vec![]),
        // 9.0.1 was never released.
        ("9.1.0", 2, "9.0.0", vec![12], vec![]),
        ("10.0.0", 2, "9.0.0", vec![12], vec![]),
        // 9.0.0 was skipped: nothing proves that its code was in use.
        ("9.0.1", 0, "", vec![10, 11], vec!["RequiredStop"]),
        ("9.0.1", 2, "9.0.1", vec![], vec!["RequiredStop"]),
        ("9.0.1", 2, "9.0.1-rc.1", vec![], vec!["RequiredStop"]),
        ("9.1.0", 0, "", vec![10, 11], vec!["RequiredStop"]),
        ("9.1.0", 2, "9.1.0", vec![], vec!["RequiredStop"]),
        ("9.2.0", 2, "9.1.0", vec![12], vec![]),
        ("9.0.1", 3, "9.0.1", vec![], vec![]),
    ] {
        let history = after(&users(), done, if app.is_empty() { version } else { app });
        assert_plan(&users(), &history, &nobody, &request(version), &run, &refused);
    }
}

#[test]
fn releases_are_compared_as_versions() {
    let mut migrations = rename(10, "a.x", "y", ["9.9.0", "10.0.0", "10.1.0"]);
    migrations.extend([sql(5, "second", "10.0.0"), sql(6, "first", "9.9.0")]);
    let nobody = Fleet::default();
    let plan = assert_plan(&migrations, &history(&[]), &nobody, &request("9.9.0"), &[6, 10], &[]);
    assert_eq!(plan.later.len(), 3);
    let ran = history(&[done(&migrations[4], "9.9.0"), done(&migrations[0], "9.9.0")]);
    assert_plan(&migrations, &ran, &nobody, &request("10.0.0"), &[5, 11], &[]);
}

#[test]
fn phases_are_chosen() {
    let nobody = Fleet::default();
    for (phase, done, run, refused, later) in [
        (Phase::Pre, 0, vec![10], vec![], 2),
        (Phase::Post, 0, vec![], vec!["Order"], 2),
        (Phase::Post, 1, vec![11], vec![], 1),
        (Phase::All, 0, vec![10, 11], vec![], 1),
    ] {
        let asked = Request { phase, ..request("9.0.0") };
        let history = after(&users(), done, "9.0.0");
        let plan = assert_plan(&users(), &history, &nobody, &asked, &run, &refused);
        assert_eq!(plan.later.len(), later);
    }
}

#[test]
fn a_downgrade_is_refused() {
    let nobody = Fleet::default();
    let ran = after(&users(), 3, "9.0.1");
    for (version, refused) in [
        ("9.0.0", vec!["Downgrade"]),
        ("8.17.0", vec!["Downgrade"]),
        ("9.0.1-rc.1", vec![]),
        ("9.0.1", vec![]),
        ("10.0.0", vec![]),
    ] {
        assert_plan(&users(), &ran, &nobody, &request(version), &[], &refused);
    }
    // The older release does not have the files of the later one.
    let plan = assert_plan(&[], &ran, &nobody, &request("8.17.0"), &[], &["Downgrade"]);
    let expect = "the database has migrations of release 9.0.1, but the app is at 8.17.0";
    assert_eq!(plan.refused[0].to_string(), expect);
}

#[test]
fn a_rollback_left_halfway_refuses_everything() {
    let mut migrations = users();
    migrations.push(sql(20, "add_index", "9.0.1"));
    let mut ran = after(&migrations, 2, "9.0.0");
    ran.migrations[1].status = MigrationStatus::Undoing;
    let nobody = Fleet::default();
    let plan = assert_plan(&migrations, &ran, &nobody, &request("9.0.1"), &[], &["Undoing"]);
    let expect = "the rollback of stage `backfill` of change `rename_users_username_to_handle` \
                  (release 9.0.0) has not finished";
    assert_eq!(plan.refused[0].to_string(), expect);
    assert!(plan.refused[0].hint().unwrap().contains("handover db rollback --step 1"));
}

#[test]
fn what_is_running_is_resumed() {
    let mut ran = after(&users(), 3, "9.0.1");
    ran.migrations[2].status = MigrationStatus::Running;
    ran.changes[0].state = State::WriteTo;
    // The contract passed its gate when it began, though nobody runs now.
    ran.migrations[1].app_version = "9.0.1".parse().unwrap();
    let plan = assert_plan(&users(), &ran, &Fleet::default(), &request("9.0.1"), &[12], &[]);
    assert!(plan.run[0].resumed);
    let behind = fleet(&[("9.0.1", 12)]);
    assert_plan(&users(), &ran, &behind, &request("9.0.1"), &[], &["Acknowledge"]);
}

#[test]
fn a_refusal_holds_up_its_change_and_later_sql_only() {
    let mut migrations = users();
    migrations.extend(rename(30, "posts.title", "headline", ["9.0.0", "9.0.0", "9.0.1"]));
    let mut ran = after(&migrations[..3], 1, "9.0.0");
    let posts = after(&migrations[3..], 1, "9.0.0");
    ran.migrations.extend(posts.migrations);
    ran.changes.extend(posts.changes);
    ran.changes[0].epoch = 20;
    let mut same = sql(40, "same", "9.0.0");
    let mut later = sql(41, "later", "9.0.1");
    same.deploy = crate::model::Deploy::Post;
    later.deploy = crate::model::Deploy::Post;
    migrations.extend([same, later]);
    let plan = assert_plan(
        &migrations,
        &ran,
        &fleet(&[("9.0.1", 11)]),
        &request("9.0.1"),
        &[31, 40, 32],
        &["Acknowledge"],
    );
    let later: Vec<_> = plan.later.iter().map(|later| (later.id, later.reason)).collect();
    assert_eq!(later, [(41, Reason::Blocked), (12, Reason::Blocked)]);
}

#[test]
fn a_change_waits_for_the_one_before_it_on_its_column() {
    let mut migrations = users();
    migrations.extend(rename(30, "users.handle", "nick", ["9.1.0", "9.1.0", "9.1.1"]));
    let nobody = Fleet::default();
    let ran = after(&users(), 2, "9.1.0");
    let go = |history: &History, run: &[u64], refused: &[&str]| {
        assert_plan(&migrations, history, &nobody, &request("9.1.0"), run, refused)
    };
    let plan = go(&ran, &[], &["RequiredStop", "Chain"]);
    let hint = plan.refused[1].hint().unwrap();
    assert_eq!(hint, "run `handover db migrate --post` with the app at 9.0.1 first");
    go(&History::default(), &[10, 11], &["RequiredStop", "Chain"]);
    go(&after(&users(), 2, "9.0.0"), &[12, 30, 31], &[]);
    go(&after(&users(), 3, "9.0.1"), &[30, 31], &[]);
}

#[test]
fn files_and_history_that_do_not_fit_are_errors() {
    let go = |migrations: &[Migration], history: &History| {
        let error = plan(migrations, history, &Fleet::default(), &request("9.1.0")).unwrap_err();
        assert!(error.hint().is_some());
        error.to_string()
    };
    let ran = after(&users(), 1, "9.0.0");
    let expect =
        "migration `10_rename_users_username_to_handle` of release 9.0.0 ran, but its file is gone";
    assert_eq!(go(&users()[1..], &ran), expect);
    let mut edited = ran.clone();
    edited.migrations[0].checksum = "00".to_owned();
    assert!(go(&users(), &edited).contains("has changed since it ran (recorded checksum `00`"));
    let mut different = ran.clone();
    let mut other = different.changes[0].columns().clone();
    other.to = "nick".parse().unwrap();
    different.changes[0].kind = ChangeKind::Rename(other);
    assert!(go(&users(), &different).contains("says users.username -> handle, but the database"));
    // A change of another branch is open on the same column.
    let other = rename(50, "users.username", "login", ["9.0.0", "9.0.0", "9.0.1"]);
    let open = |state| History { changes: vec![record(&other[0], state, 3)], ..History::default() };
    let error = go(&users(), &open(State::ReadTo));
    assert!(error.contains("`rename_users_username_to_login` (users.username -> login) is still"));
    for state in [State::Pending, State::Contracted] {
        assert!(
            plan(&users(), &open(state), &Fleet::default(), &request("9.0.0")).is_ok(),
            "{state}"
        );
    }
}

#[test]
fn refusals_name_change_stage_release_and_instances() {
    let ran = after(&users(), 1, "9.0.0");
    let say = |fleet: &Fleet, history: &History, version: &str| {
        let plan = plan(&users(), history, fleet, &request(version)).unwrap();
        plan.refused[0].to_string()
    };
    let subject = "of change `rename_users_username_to_handle`";
    for (found, expect) in [
        (
            say(&fleet(&[("8.17.0", 11), ("9.0.0", 11)]), &ran, "9.0.0"),
            format!(
                "stage `backfill` {subject} (release 9.0.0) waits for these processes to reach 9.0.0: web:1 at 8.17.0"
            ),
        ),
        (
            say(&fleet(&[("9.0.0", 1), ("9.0.0", 2)]), &ran, "9.0.0"),
            format!(
                "stage `backfill` {subject} (release 9.0.0) waits for these processes to acknowledge epoch 11: web:1 at 9.0.0, web:2 at 9.0.0"
            ),
        ),
        (
            say(&Fleet::default(), &after(&users(), 2, "9.0.1"), "9.0.1"),
            format!(
                "stage `contract` {subject} (release 9.0.1) cannot run yet: the upgrade skipped 9.0.0, and no running process proves that its code is in use"
            ),
        ),
    ] {
        assert_eq!(found, expect);
    }
}
