//! Stages that wait for app processes.

use super::*;

#[test]
fn post_deploy_waits_for_the_fleet() {
    for (instances, done, version, run, refused) in [
        (vec![("8.17.0", 0)], 0, "9.0.0", vec![10], vec!["Fleet"]),
        (vec![("9.0.0", 0)], 0, "9.0.0", vec![10, 11], vec![]),
        (vec![("9.0.0", 11), ("8.17.0", 11)], 1, "9.0.0", vec![], vec!["Fleet"]),
        (vec![("9.0.0-rc.1", 11)], 1, "9.0.0", vec![11], vec![]),
        (vec![("10.0.0", 11)], 1, "9.0.0", vec![11], vec![]),
        (vec![("9.0.0", 10)], 1, "9.0.0", vec![], vec!["Acknowledge"]),
        (vec![("9.0.0", 11), ("9.0.0", 10)], 1, "9.0.0", vec![], vec!["Acknowledge"]),
        (vec![("9.0.0", 12)], 2, "9.0.1", vec![], vec!["Fleet"]),
        (vec![("9.0.1", 11)], 2, "9.0.1", vec![], vec!["Acknowledge"]),
        (vec![("9.0.1", 12)], 2, "9.0.1", vec![12], vec![]),
    ] {
        let history = after(&users(), done, "9.0.0");
        let fleet = fleet(&instances);
        assert_plan(&users(), &history, &fleet, &request(version), &run, &refused);
    }
}

/// Processes of another app: none has a release that counts, and all have to acknowledge.
#[test]
fn the_processes_of_another_app_have_no_release_that_counts() {
    for (instances, done, version, run, refused) in [
        (vec![("1.0.0", 11)], 1, "9.0.0", vec![11], vec![]),
        (vec![("1.0.0", 10)], 1, "9.0.0", vec![], vec!["Acknowledge"]),
        (vec![("1.0.0", 12)], 2, "9.0.1", vec![12], vec![]),
        (vec![("1.0.0", 11)], 2, "9.0.1", vec![], vec!["Acknowledge"]),
    ] {
        let history = after(&users(), done, "9.0.0");
        let mut fleet = fleet(&instances);
        fleet.instances[0].app = "reports".parse().ok();
        assert_plan(&users(), &history, &fleet, &request(version), &run, &refused);
    }
    // A release was skipped: only the app's own processes are proof that it acts on the state.
    let skipped = after(&users(), 2, "9.0.1");
    let mut fleet = fleet(&[("9.0.1", 12)]);
    assert_plan(&users(), &skipped, &fleet, &request("9.0.1"), &[12], &[]);
    fleet.instances[0].app = "reports".parse().ok();
    assert_plan(&users(), &skipped, &fleet, &request("9.0.1"), &[], &["RequiredStop"]);
}

#[test]
fn an_instance_whose_lease_ran_out_is_not_waited_for() {
    let mut fleet = fleet(&[("8.17.0", 0)]);
    fleet.instances[0].live = false;
    assert_plan(&users(), &after(&users(), 1, "9.0.0"), &fleet, &request("9.0.0"), &[11], &[]);
}

#[test]
fn a_skipped_release_is_made_good_by_registered_instances() {
    // From 8.17 straight to 9.0.1; the backfill ran under 9.0.1.
    let history = after(&users(), 2, "9.0.1");
    let go = |instances: &[(&str, u64)], run: &[u64], refused: &[&str]| {
        assert_plan(&users(), &history, &fleet(instances), &request("9.0.1"), run, refused)
    };
    go(&[], &[], &["RequiredStop"]);
    go(&[("9.0.1", 12)], &[12], &[]);
    go(&[("9.0.1", 11)], &[], &["Acknowledge"]);
    go(&[("9.0.0", 12)], &[], &["Fleet"]);
    // All in one go: the contract is decided again once the backfill has run.
    let none = History::default();
    let plan = assert_plan(
        &users(),
        &none,
        &fleet(&[("9.0.1", 0)]),
        &request("9.0.1"),
        &[10, 11, 12],
        &[],
    );
    let after: Vec<_> = plan.run.iter().map(|planned| planned.after).collect();
    assert_eq!(after, [None, Some(10), Some(11)]);
    // The instances run 9.0.1 and have acknowledged, but the state went back meanwhile.
    let mut back = history.clone();
    back.changes[0].state = State::DualWrite;
    assert_plan(
        &users(),
        &back,
        &fleet(&[("9.0.1", 12)]),
        &request("9.0.1"),
        &[],
        &["RequiredStop"],
    );
}

#[test]
fn offline_passes_what_waits_for_processes() {
    let offline = Request { offline: true, ..request("9.0.1") };
    let nobody = Fleet::default();
    assert_plan(&users(), &History::default(), &nobody, &offline, &[10, 11, 12], &[]);
    assert_plan(&users(), &after(&users(), 2, "9.0.1"), &nobody, &offline, &[12], &[]);
    let someone = fleet(&[("9.0.1", 12)]);
    let plan =
        assert_plan(&users(), &after(&users(), 2, "9.0.0"), &someone, &offline, &[], &["Live"]);
    assert!(plan.refused[0].passes_by_waiting());
}
