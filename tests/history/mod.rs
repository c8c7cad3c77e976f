//! A history of 41 releases, written with the command as a team would: 74 changes, two declared
//! stops, places kept for an older line and a fix that takes one. Every upgrade from each release to
//! each later one ends like the way through all of them, or is refused with a path that does.
//!
//! A normal run makes a fixed sample of the upgrades, on PostgreSQL between releases of the older line
//! alone; `HANDOVER_ALL=1` makes all of them.

mod drive;
mod story;

use std::collections::BTreeMap;

use crate::support::project::Db;
use crate::support::sample::all;
use drive::{Databases, Went};
use handover::model::Release;
use story::Story;

/// One in so many of the upgrades that are refused is made in one go, too.
const OFFLINE: usize = 11;

#[test]
fn history_of_forty_releases_on_sqlite() {
    let story = Story::shared();
    assert!(story.releases.len() > 40, "{}", story.releases.len());
    assert!(story.changes >= 60, "{}", story.changes);
    every_pair(story, &story.releases, Db::Sqlite, Sample { pairs: 37, undone: 7 });
}

#[test]
fn history_of_forty_releases_on_postgres() {
    let story = Story::shared();
    let releases = if all() { &story.releases } else { story.first_line() };
    every_pair(story, releases, Db::Postgres, Sample { pairs: 47, undone: 9 });
}

/// One in so many is taken.
struct Sample {
    /// Of the pairs of releases.
    pairs: usize,
    /// Of the releases on the way through all of them, each of which is undone and done again.
    undone: usize,
}

/// Upgrades from each of the releases to each later one.
fn every_pair(story: &Story, releases: &[Release], db: Db, sample: Sample) {
    let Sample { pairs: one_in, undone } =
        if all() { Sample { pairs: 1, undone: 1 } } else { sample };
    let databases = Databases::new(db, story, releases, undone);
    let mut went: BTreeMap<&str, usize> = BTreeMap::new();
    let mut number = 0;
    for (at, from) in releases.iter().enumerate() {
        for to in &releases[at + 1..] {
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
    assert!(went.values().sum::<usize>() > number * 4 / 5 / one_in, "{went:?}");
    // A small sample need not have one of each.
    let each = ["straight", "by a path"].iter().all(|way| went.contains_key(way));
    assert!(each || number / one_in < 20, "{went:?}");
}
