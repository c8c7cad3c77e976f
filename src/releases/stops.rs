//! The releases that an upgrade must not skip.

use std::collections::{BTreeMap, HashMap};

use super::Migration;
use crate::model::{Release, Stage};

/// A release in which an upgrade stops: it is rolled out and migrated before the upgrade goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The release.
    pub release: Release,
    /// Every reason to stop there; never empty.
    pub why: Vec<Why>,
}

/// Why an upgrade stops in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// `required_stops` in `handover.yml` names it.
    Declared,
    /// A change needs a release that runs everywhere after its backfill and before its contract:
    /// only code that reads the copy can let go of the column (docs/explanation/protocol.md, rules 3 and 10).
    Change {
        /// The change.
        change: String,
        /// The release of its backfill.
        backfill: Release,
        /// The release of its contract.
        contract: Release,
    },
    /// The upgrade leads to it.
    Goal,
}

/// Returns the releases that an upgrade under traffic must not skip, wherever it starts and ends:
/// the `declared` ones, and the fewest others that serve every change. One release may serve many
/// changes: where a change leaves the choice, it is the last release with migrations before the
/// contract.
///
/// Pre-releases count as their release, and unreleased migrations do not count.
#[must_use]
pub fn stops(migrations: &[Migration], declared: &[Release]) -> Vec<Stop> {
    Barriers::new(migrations, declared).between(None, None)
}

/// Returns those of the [`stops`] that are on the way of an upgrade.
#[must_use]
pub fn stops_between(
    migrations: &[Migration],
    declared: &[Release],
    from: &Release,
    to: &Release,
) -> Vec<Stop> {
    Barriers::new(migrations, declared).between(Some(&from.gating()), Some(&to.gating()))
}

/// The spans of releases that an upgrade must not jump over.
pub(super) struct Barriers<'a> {
    /// Sorted by their end.
    spans: Vec<Span<'a>>,
    /// The releases that have migrations, in order.
    existing: Vec<Release>,
    declared: &'a [Release],
}

/// From the last stage of a change before its contract, where an upgrade may stop, to its contract, where it is too late.
struct Span<'a> {
    change: &'a str,
    begin: Release,
    end: Release,
}

impl<'a> Barriers<'a> {
    pub(super) fn new(migrations: &'a [Migration], declared: &'a [Release]) -> Self {
        let mut existing = Vec::new();
        let mut ends: HashMap<&str, (Option<Release>, Option<Release>)> = HashMap::new();
        for migration in migrations {
            let Some(release) = migration.release.as_ref().map(Release::gating) else { continue };
            match migration.stage() {
                // Those of one change come in their order.
                Some(Stage::Expand | Stage::Backfill) => {
                    ends.entry(&migration.slug).or_default().0 = Some(release.clone());
                }
                Some(Stage::Contract) => {
                    ends.entry(&migration.slug).or_default().1 = Some(release.clone());
                }
                // What it deletes, no code has used since the contract.
                Some(Stage::Purge) | None => {}
            }
            // Migrations come in order, so a release that is there already is mostly the last one.
            if existing.last() != Some(&release) {
                existing.push(release);
            }
        }
        existing.sort();
        existing.dedup();
        let mut spans: Vec<_> = ends
            .into_iter()
            .filter_map(|(change, (begin, end))| Some(Span { change, begin: begin?, end: end? }))
            .filter(|span| span.begin < span.end)
            .collect();
        spans.sort_by(|a, b| (&a.end, &a.begin, a.change).cmp(&(&b.end, &b.begin, b.change)));
        Self { spans, existing, declared }
    }

    /// The first release with migrations.
    pub(super) fn first(&self) -> Option<&Release> {
        self.existing.first()
    }

    /// Returns true if a release has migrations.
    pub(super) fn exists(&self, release: &Release) -> bool {
        self.existing.binary_search(release).is_ok()
    }

    /// Returns the fewest stops on an upgrade from one release (`None`: from before the first) to
    /// another (`None`: beyond the last). Neither of the two is among the stops.
    ///
    /// This is the greedy way to stab intervals with the fewest points: take the intervals in the
    /// order of their ends, and give each that has no point yet the last point that it can have.
    pub(super) fn between(&self, from: Option<&Release>, to: Option<&Release>) -> Vec<Stop> {
        let after = |release: &Release| from.is_none_or(|from| from < release);
        let declared = self
            .declared
            .iter()
            .filter(|stop| after(stop) && to.is_none_or(|to| *stop < to))
            .map(|stop| (stop.clone(), vec![Why::Declared]));
        let mut stops: BTreeMap<Release, Vec<Why>> = declared.collect();
        let jumped = |span: &&Span<'_>| after(&span.begin) && to.is_none_or(|to| span.end <= *to);
        for span in self.spans.iter().filter(jumped) {
            if stops.range(&span.begin..&span.end).next().is_none() {
                let before = self.existing.partition_point(|release| *release < span.end);
                let stop = self.existing[..before].last().unwrap_or(&span.begin);
                stops.insert(stop.clone(), Vec::new());
            }
        }
        for span in self.spans.iter().filter(jumped) {
            if let Some((_, why)) = stops.range_mut(&span.begin..&span.end).next() {
                why.push(Why::Change {
                    change: span.change.to_owned(),
                    backfill: span.begin.clone(),
                    contract: span.end.clone(),
                });
            }
        }
        stops.into_iter().map(|(release, why)| Stop { release, why }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::sample::{rename, sql};

    fn found(migrations: &[Migration], declared: &[Release]) -> Vec<String> {
        stops(migrations, declared)
            .into_iter()
            .map(|stop| {
                assert!(!stop.why.is_empty());
                format!("{} for {}", stop.release, stop.why.len())
            })
            .collect()
    }

    #[test]
    fn a_change_needs_one_stop_between_backfill_and_contract() {
        assert!(found(&[], &[]).is_empty());
        assert!(found(&[sql(1, "a", "9.0.0")], &[]).is_empty());
        let users = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        assert_eq!(found(&users, &[]), ["9.0.0 for 1"]);
        // Not as text, and a pre-release is its release.
        let users = rename(10, "users.username", "handle", ["9.9.0", "9.9.0-rc.1", "10.0.0"]);
        assert_eq!(found(&users, &[]), ["9.9.0 for 1"]);
        let unreleased = rename(10, "users.username", "handle", ["", "", ""]);
        assert!(found(&unreleased, &[]).is_empty());
    }

    #[test]
    fn one_stop_serves_several_changes() {
        let mut migrations = rename(10, "a.x", "y", ["9.0.0", "9.0.0", "9.5.0"]);
        migrations.extend(rename(20, "b.x", "y", ["9.1.0", "9.1.0", "9.4.0"]));
        migrations.extend(rename(30, "c.x", "y", ["9.2.0", "9.2.0", "10.0.0"]));
        assert_eq!(found(&migrations, &[]), ["9.2.0 for 3"]);
        // A release without any stage will do as well, if it is the last before the contract.
        migrations.push(sql(40, "more", "9.3.0"));
        assert_eq!(found(&migrations, &[]), ["9.3.0 for 3"]);
        let declared = [Release::new(9, 1, 5), Release::new(11, 0, 0)];
        assert_eq!(found(&migrations, &declared), ["9.1.5 for 3", "9.5.0 for 1", "11.0.0 for 1"]);
    }
}
