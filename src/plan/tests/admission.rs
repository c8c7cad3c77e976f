//! Reasons to refuse a whole upgrade, and the order of releases.

use super::{assert_plan, request, users};
use crate::model::{Deploy, Release};
use crate::plan::sample::{after, done, fleet, history};
use crate::plan::*;
use crate::releases::Migration;
use crate::releases::sample::{rename, sql};

fn release(text: &str) -> Release {
    text.parse().unwrap()
}

fn post(id: u64, slug: &str, release: &str) -> Migration {
    Migration { deploy: Deploy::Post, ..sql(id, slug, release) }
}

#[test]
fn an_unknown_database_is_refused_whatever_is_asked_for() {
    let uninitialised = History { uninitialised: true, ..History::default() };
    for offline in [false, true] {
        let asked = Request { offline, ..request("9.0.0") };
        assert_plan(&users(), &uninitialised, &Fleet::default(), &asked, &[], &["Uninitialised"]);
    }
}

#[test]
fn a_declared_stop_is_not_skipped() {
    let files = [sql(1, "a", "9.1.0"), sql(2, "b", "10.0.0")];
    let stops: Vec<_> = ["10.0.0", "9.0.0", "11.0.0"].iter().map(|at| release(at)).collect();
    let go =
        |reached: Option<&str>, version: &str, offline: bool, refused: &[&str], run: &[u64]| {
            let history = History { reached: reached.map(release), ..History::default() };
            let asked = Request { stops: stops.clone(), offline, ..request(version) };
            assert_plan(&files, &history, &Fleet::default(), &asked, run, refused)
        };
    let plan = go(Some("8.17.0"), "10.1.0", false, &["Jump"], &[]);
    assert_eq!(
        plan.refused[0].to_string(),
        "the upgrade from 8.17.0 to 10.1.0 must not skip 9.0.0, 10.0.0"
    );
    go(Some("8.17.0"), "10.1.0", true, &[], &[1, 2]);
    // To a stop, and from it.
    go(Some("8.17.0"), "9.0.0", false, &[], &[]);
    go(Some("9.0.0"), "10.0.0", false, &[], &[1, 2]);
    go(Some("9.0.0"), "10.0.1", false, &["Jump"], &[]);
    // A pre-release of the app counts as its release.
    go(Some("10.0.0"), "11.0.0-rc.2", false, &[], &[1, 2]);
    go(Some("10.0.0"), "11.0.1", false, &["Jump"], &[]);
    // It began empty: no app was on it.
    go(None, "11.0.1", false, &[], &[1, 2]);
}

/// A database that began at a later release has run nothing that could be undone.
#[test]
fn a_baseline_that_is_later_than_the_app_is_not_rolled_back() {
    let history = History { baseline: Some(release("8.17.0")), ..History::default() };
    let asked = request("1.0.0");
    let plan = assert_plan(&[], &history, &Fleet::default(), &asked, &[], &["Downgrade"]);
    assert_eq!(plan.refused[0].hint().unwrap(), "deploy 8.17.0 or later");
}

/// Once its expand and backfill have run under a release, a database does not go back to the stop that
/// it has skipped. So nothing of it runs.
#[test]
fn a_stop_that_follows_from_a_change_is_not_skipped_unseen() {
    let go = |reached: &str, fleet: &Fleet, offline: bool, run: &[u64], refused: &[&str]| {
        let history = History { reached: Some(release(reached)), ..History::default() };
        let asked = Request { offline, ..request("9.1.0") };
        assert_plan(&users(), &history, fleet, &asked, run, refused)
    };
    let plan = go("8.17.0", &Fleet::default(), false, &[], &["Jump"]);
    assert_eq!(plan.refused[0].to_string(), "the upgrade from 8.17.0 to 9.1.0 must not skip 9.0.0");
    go("8.17.0", &Fleet::default(), true, &[10, 11, 12], &[]);
    // Processes of 9.1.0 that are registered can prove that reads have moved.
    go("8.17.0", &fleet(&[("9.1.0", 0)]), false, &[10, 11, 12], &[]);
    go("9.0.0", &Fleet::default(), false, &[10, 11], &["RequiredStop"]);
}

#[test]
fn a_first_run_that_was_cut_short_is_no_jump() {
    let files = [sql(1, "a", "8.0.0"), sql(2, "b", "10.0.0")];
    let asked = Request { stops: vec![release("9.0.0")], ..request("10.0.0") };
    let begun = |version| history(&[done(&files[0], version)]);
    assert_plan(&files, &begun("10.0.0"), &Fleet::default(), &asked, &[2], &[]);
    // Begun under an earlier release, and never ended there.
    assert_plan(&files, &begun("8.0.0"), &Fleet::default(), &asked, &[], &["Jump"]);
}

#[test]
fn what_was_squashed_is_not_missed_and_cannot_be_caught_up_with() {
    let files = rename(30, "users.nick", "alias", ["9.1.0", "9.1.0", "9.1.1"]);
    let asked = Request { minimum: Some(release("9.0.1")), ..request("9.1.0") };
    let nobody = Fleet::default();
    // The files of the first change are gone; the database has run them.
    let mut ran = after(&users(), 3, "9.0.1");
    ran.reached = Some(release("9.0.1"));
    assert_plan(&files, &ran, &nobody, &asked, &[30, 31], &[]);
    // Gone without having been squashed.
    let earlier = Request { minimum: Some(release("9.0.0")), ..asked.clone() };
    assert!(plan(&files, &ran, &nobody, &earlier).is_err());
    // Not all of it has run.
    let mut short = after(&users(), 2, "9.0.0");
    short.reached = Some(release("9.0.0"));
    let plan = assert_plan(&files, &short, &nobody, &asked, &[], &["TooOld"]);
    let hint = plan.refused[0].hint().unwrap();
    assert!(hint.starts_with("deploy 9.0.1 first"), "{hint}");
    let plan = assert_plan(&files, &History::default(), &nobody, &asked, &[], &["TooOld"]);
    assert_eq!(plan.refused[0].hint().unwrap(), "load the schema dump: `handover db load`");
}

/// A fix went to 8.17.1 when 9.0.0 was out. Its files know nothing of it, but reserved a slot for such.
#[test]
fn what_ran_in_an_older_line_has_a_place_in_the_newer() {
    let fix = [sql(5, "fix", "8.17.1"), sql(6, "second", "8.17.1"), sql(7, "own", "9.0.0")];
    let ran = |number: usize| {
        history(&fix[..number].iter().map(|at| done(at, "8.17.1")).collect::<Vec<_>>())
    };
    let files = [fix[2].clone()];
    let go = |ran: &History, slots: &[&str]| {
        let slots = slots.iter().map(|at| release(at)).collect();
        plan(&files, ran, &Fleet::default(), &Request { slots, ..request("9.0.0") })
    };
    assert_eq!(go(&ran(1), &["9.0.0"]).unwrap().run.len(), 1);
    assert_eq!(go(&ran(2), &["9.0.0", "9.0.0"]).unwrap().run.len(), 1);
    // A file that was removed has none: the files go on in its own line.
    let files = [sql(8, "later", "8.17.2"), fix[2].clone()];
    let asked = Request { slots: vec![release("9.0.0")], ..request("9.0.0") };
    let removed = plan(&files, &ran(1), &Fleet::default(), &asked);
    assert!(matches!(removed, Err(PlanError::Missing { id: 5, .. })));
    // One slot is not enough for two, and a slot of an older line does not count.
    assert!(matches!(go(&ran(2), &["9.0.0"]), Err(PlanError::Missing { id: 6, .. })));
    assert!(matches!(go(&ran(1), &["8.17.0"]), Err(PlanError::Missing { .. })));
}

#[test]
fn releases_come_in_order() {
    let files =
        [sql(1, "a", "9.0.0"), post(2, "b", "9.0.0"), sql(3, "c", "9.1.0"), post(4, "d", "9.1.0")];
    let go = |fleet: &Fleet, phase, ran: &[u64], run: &[u64], refused: &[&str]| {
        let ran: Vec<_> = files
            .iter()
            .filter(|file| ran.contains(&file.id))
            .map(|file| done(file, "9.0.0"))
            .collect();
        let asked = Request { phase, ..request("9.1.0") };
        assert_plan(&files, &history(&ran), fleet, &asked, run, refused)
    };
    // Nobody has to wait for anything: as if the releases had been deployed one after the other.
    go(&Fleet::default(), Phase::All, &[], &[1, 2, 3, 4], &[]);
    go(&fleet(&[("9.1.0", 0)]), Phase::All, &[], &[1, 2, 3, 4], &[]);
    // A rolling deployment that skips 9.0.0: what comes before 9.1.0's code may build on what runs
    // after that of 9.0.0.
    let plan = go(&Fleet::default(), Phase::Pre, &[], &[1], &["Before"]);
    assert_eq!(
        plan.refused[0].to_string(),
        "migration `c` (release 9.1.0) cannot run before `b` (release 9.0.0), which runs after the \
         deployment of its release"
    );
    go(&fleet(&[("8.17.0", 0)]), Phase::All, &[], &[1], &["Before", "Fleet"]);
    go(&Fleet::default(), Phase::Pre, &[1, 2], &[3], &[]);
    go(&fleet(&[("9.0.0", 0)]), Phase::All, &[1, 2], &[3], &["Fleet"]);
}

#[test]
fn what_comes_after_something_waits_until_that_is_done() {
    let mut files = users();
    files.push(Migration {
        after: vec![files[0].slug.parse().unwrap()],
        ..sql(40, "report", "9.1.0")
    });
    files.push(Migration { after: vec!["report".parse().unwrap()], ..sql(41, "index", "9.1.0") });
    let asked = |phase| Request { phase, ..request("9.1.0") };
    let nobody = Fleet::default();
    let go = |stages, phase, run: &[u64], refused: &[&str]| {
        assert_plan(&files, &after(&files, stages, "9.0.0"), &nobody, &asked(phase), run, refused)
    };
    // The backfill of 9.0.0 may still be running on: 9.1.0 has other things that need not wait.
    let waits = go(1, Phase::Pre, &[], &["After", "After"]);
    let said: Vec<_> = waits.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "migration `report` (release 9.1.0) comes after `rename_users_username_to_handle`, which \
             is not done",
            "migration `index` (release 9.1.0) comes after `report`, which is not done"
        ]
    );
    go(2, Phase::Pre, &[40, 41], &[]);
    // Plain SQL may build on all that an earlier release did, also on the contract.
    go(1, Phase::All, &[11], &["RequiredStop"]);
    let mut wrong = files.clone();
    wrong[4].after = vec!["nothing".parse().unwrap()];
    let error = crate::plan::plan(&wrong, &after(&files, 2, "9.0.0"), &nobody, &asked(Phase::All))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("comes after `nothing`, and no change or migration is called that")
    );
    assert!(error.hint().is_some());
}
