//! A history of 41 releases, written with the command as a team would: 74 changes, two declared
//! stops, places kept for an older line and a fix that takes one. Every upgrade from each release to
//! each later one ends like the way through all of them, or is refused with a path that does.
//!
//! The normal test run makes a sample of the upgrades, another one each time; `HANDOVER_HISTORY_ALL=1`
//! makes all of them.

mod drive;
mod story;

use std::collections::BTreeMap;

use crate::support::project::Db;
use drive::{Databases, Went};
use story::Story;

/// One in so many of the upgrades that are refused is made in one go, too.
const OFFLINE: usize = 11;

#[test]
fn history_of_forty_releases_on_sqlite() {
    let story = Story::shared();
    assert!(story.releases.len() > 40, "{}", story.releases.len());
    assert!(story.changes >= 60, "{}", story.changes);
    every_pair(story, Db::Sqlite, 5);
}

#[test]
fn history_of_forty_releases_on_postgres() {
    every_pair(Story::shared(), Db::Postgres, 101);
}

/// Upgrades from each release to each later one, or one pair in so many.
fn every_pair(story: &Story, db: Db, one_in: usize) {
    let is_all = std::env::var_os("HANDOVER_HISTORY_ALL").is_some();
    let one_in = if is_all { 1 } else { one_in };
    let databases = Databases::new(db, story);
    let mut went: BTreeMap<&str, usize> = BTreeMap::new();
    // Another sample in each run.
    let mut number = rand::random_range(0..one_in);
    for (at, from) in story.releases.iter().enumerate() {
        for to in &story.releases[at + 1..] {
            number += 1;
            if number % one_in != 0 || !Story::leads_to(from, to) {
                continue;
            }
            let how = databases.upgrade(from, to, false);
            *went.entry(how.word()).or_default() += 1;
            if how != Went::Straight && number % OFFLINE == 0 {
                // What is refused while somebody may be there can be done when nobody is.
                assert_eq!(databases.upgrade(from, to, true), Went::Straight, "{from} to {to}");
            }
        }
    }
    eprintln!("{db:?}: {went:?}");
    assert!(went.values().sum::<usize>() > 700 / one_in, "{went:?}");
    // A small sample need not have one of each.
    let each = ["straight", "by a path"].iter().all(|way| went.contains_key(way));
    assert!(each || one_in > 10, "{went:?}");
}
