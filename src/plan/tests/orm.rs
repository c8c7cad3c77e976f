//! The app's migrations of sea-orm-migration among handover's own.

use super::*;
use crate::releases::OrmMigration;

fn orm(names: &[&str]) -> Vec<OrmMigration> {
    names.iter().map(|name| OrmMigration::new((*name).to_owned())).collect()
}

/// `users.username` to `handle`, written on 10 June.
fn june() -> Vec<Migration> {
    rename(20_260_610_000_000, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"])
}

fn names(plan: &Plan) -> Vec<&str> {
    let mut names = Vec::new();
    for Planned { migration, .. } in &plan.run {
        names.push(migration.stage().map_or(migration.slug.as_str(), |stage| stage.as_str()));
    }
    names
}

const MAY: &str = "m20260501_000001_may";
const JULY: &str = "m20260701_000001_july";

#[test]
fn on_a_database_that_began_empty_everything_runs_by_its_time() {
    let asked =
        Request { orm_migrations: orm(&[MAY, JULY]), began_empty: true, ..request("9.0.1") };
    let (history, fleet) = (History::default(), Fleet::default());
    let found = plan(&june(), &history, &fleet, &asked).unwrap();
    assert_eq!(names(&found), [MAY, "expand", "backfill", "contract", JULY]);
    assert!(found.refused.is_empty());
}

#[test]
fn a_database_that_did_not_begin_empty_has_to_stop_on_the_way() {
    let asked = Request { orm_migrations: orm(&[JULY]), ..request("9.0.1") };
    let found = plan(&june(), &History::default(), &Fleet::default(), &asked).unwrap();
    assert_eq!(outcome(&found).1, ["RequiredStop"]);
    // The contract is a post-deploy migration, and the roll-out does not wait for it.
    assert_eq!(names(&found), ["expand", "backfill", JULY]);
}

#[test]
fn they_run_before_the_roll_out() {
    for (phase, run, waits) in [
        (Phase::Pre, vec!["expand", JULY], 0),
        (Phase::Post, vec![], 1),
        (Phase::All, vec!["expand", "backfill", JULY], 0),
    ] {
        let asked = Request { phase, orm_migrations: orm(&[JULY]), ..request("9.0.0") };
        let found = plan(&june(), &History::default(), &Fleet::default(), &asked).unwrap();
        assert_eq!(names(&found), run, "{phase:?}");
        let later = found.later.iter().filter(|later| later.word == "sea-orm");
        assert_eq!(later.count(), waits, "{phase:?}");
        assert!(phase == Phase::All || !found.is_complete());
    }
}

/// It may name the column that the refused migration was to add.
#[test]
fn none_runs_ahead_of_an_older_migration_that_is_refused() {
    let mut files = june();
    let name = files[0].slug.parse().unwrap();
    files.push(Migration { after: vec![name], ..sql(20_260_609_000_000, "first", "9.0.0") });
    let asked = Request { orm_migrations: orm(&[MAY, JULY]), ..request("9.0.0") };
    let found = plan(&files, &History::default(), &fleet(&[("8.0.0", 0)]), &asked).unwrap();
    assert!(!found.refused.is_empty(), "{found:#?}");
    assert!(names(&found).contains(&MAY));
    assert!(!names(&found).contains(&JULY), "{:?}", names(&found));
    assert!(found.later.iter().any(|later| later.slug == JULY && later.reason == Reason::Blocked));
}
