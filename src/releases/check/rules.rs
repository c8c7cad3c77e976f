use std::collections::BTreeMap;

use super::CheckError;
use crate::model::{Change, Stage};
use crate::releases::Migration;

/// Checks everything that can be known from the files alone: ids are unique; each change has each
/// stage once, in releases and with ids in their order, and its stages agree; no two changes use
/// one column at the same time. The content of [`Body::Unparsed`](crate::releases::Body::Unparsed) is not
/// checked.
///
/// # Errors
/// The first thing that does not fit.
pub fn validate(migrations: &[Migration]) -> Result<(), CheckError> {
    problems(migrations).into_iter().next().map_or(Ok(()), Err)
}

/// Returns everything that does not fit.
pub(in crate::releases) fn problems(migrations: &[Migration]) -> Vec<CheckError> {
    let mut problems = duplicate_ids(migrations);
    let mut changes: BTreeMap<&str, Stages<'_>> = BTreeMap::new();
    for migration in migrations {
        if let Some(stage) = migration.stage() {
            let stages = changes.entry(&migration.slug).or_default();
            let slot = match stage {
                Stage::Expand => &mut stages.expand,
                Stage::Backfill => &mut stages.backfill,
                Stage::Contract => &mut stages.contract,
                Stage::Purge => &mut stages.purge,
            };
            if let Some(first) = slot {
                problems.push(CheckError::DuplicateStage {
                    change: migration.slug.clone(),
                    stage,
                    first: first.path.clone(),
                    second: migration.path.clone(),
                });
            } else {
                *slot = Some(migration);
            }
        }
    }
    for (change, stages) in &changes {
        stages.problems(change, &mut problems);
    }
    let mut tables: BTreeMap<String, Vec<Span<'_>>> = BTreeMap::new();
    for span in changes.values().filter_map(Stages::span) {
        let table = span.change.columns().table.name.as_str().to_lowercase();
        tables.entry(table).or_default().push(span);
    }
    for spans in tables.values() {
        for (at, first) in spans.iter().enumerate() {
            problems.extend(spans[at + 1..].iter().filter_map(|second| first.overlap(second)));
        }
    }
    problems
}

fn duplicate_ids(migrations: &[Migration]) -> Vec<CheckError> {
    let mut problems = Vec::new();
    let mut by_id: BTreeMap<u64, &Migration> = BTreeMap::new();
    for migration in migrations {
        if let Some(first) = by_id.insert(migration.id, migration) {
            problems.push(CheckError::DuplicateId {
                id: migration.id,
                first: first.path.clone(),
                second: migration.path.clone(),
            });
        }
    }
    problems
}

/// The files of one change.
#[derive(Default)]
struct Stages<'a> {
    expand: Option<&'a Migration>,
    backfill: Option<&'a Migration>,
    contract: Option<&'a Migration>,
    purge: Option<&'a Migration>,
}

impl<'a> Stages<'a> {
    fn all(&self) -> impl Iterator<Item = (Stage, &'a Migration)> {
        let files = [self.expand, self.backfill, self.contract, self.purge];
        Stage::ALL.into_iter().zip(files).filter_map(|(stage, found)| Some((stage, found?)))
    }

    fn problems(&self, change: &str, problems: &mut Vec<CheckError>) {
        let change = || change.to_owned();
        let Some((_, any)) = self.all().next() else { return };
        // Of files that ran already, the kind is not known; the history says if one is missing.
        let parsed = self.all().find_map(|(_, migration)| migration.change());
        let expected: Vec<Stage> = match parsed {
            Some(change) => change.course().stages().collect(),
            None => vec![Stage::Expand, Stage::Contract],
        };
        for stage in expected {
            if !self.all().any(|(found, _)| found == stage) {
                let path = any.path.clone();
                problems.push(CheckError::MissingStage { change: change(), stage, path });
            }
        }
        let released = self.all().find(|(_, migration)| migration.release.is_some());
        let unreleased = self.all().find(|(_, migration)| migration.release.is_none());
        if let (Some((_, released)), Some((_, unreleased))) = (released, unreleased) {
            problems.push(CheckError::PartlyReleased {
                change: change(),
                unreleased: unreleased.path.clone(),
                released: released.path.clone(),
            });
        }
        for ((earlier, before), (stage, after)) in self.all().zip(self.all().skip(1)) {
            problems.extend(order(change(), (earlier, before), (stage, after)));
            if let (Some(first), Some(second)) = (before.change(), after.change())
                && first != second
            {
                problems.push(CheckError::Disagree {
                    change: change(),
                    first: before.path.clone(),
                    first_kind: Box::new(first.kind.clone()),
                    second: after.path.clone(),
                    second_kind: Box::new(second.kind.clone()),
                });
            }
        }
    }

    /// The data to compare the change with others; `None` unless every stage is there and parsed.
    fn span(&self) -> Option<Span<'a>> {
        let expand = self.expand?;
        let (contract, purge) = (self.contract?, self.purge);
        Some(Span { change: expand.change()?, expand, contract, purge })
    }
}

fn order(
    change: String,
    (earlier, before): (Stage, &Migration),
    (stage, after): (Stage, &Migration),
) -> Option<CheckError> {
    if let (Some(earlier_release), Some(release)) = (&before.release, &after.release) {
        let (least, this) = (earlier_release.gating(), release.gating());
        // Of a contract that has run, the kind is not known, and nothing is left to refuse.
        let may_join =
            after.change().is_none_or(|change| change.course().contract_may_join(release));
        let is_later = stage == Stage::Purge || stage == Stage::Contract && !may_join;
        if this < least || (is_later && this == least) {
            return Some(CheckError::WrongRelease {
                change,
                stage,
                release: release.clone(),
                path: after.path.clone(),
                earlier,
                earlier_release: earlier_release.clone(),
                earlier_path: before.path.clone(),
            });
        }
    }
    (before.release == after.release && after.id <= before.id).then(|| CheckError::WrongId {
        change,
        path: after.path.clone(),
        earlier_path: before.path.clone(),
    })
}

/// A change from its expand to its last stage.
struct Span<'a> {
    change: &'a Change,
    expand: &'a Migration,
    contract: &'a Migration,
    purge: Option<&'a Migration>,
}

impl Span<'_> {
    /// Returns true if this change needs no column of `other` any more when that begins.
    fn is_before(&self, other: &Self) -> bool {
        let end = match self.change.kind.needs_until(other.change.columns()) {
            Some(Stage::Purge) => self.purge.unwrap_or(self.contract),
            _ => self.contract,
        };
        match (&end.release, &other.expand.release) {
            (Some(end), Some(begin)) => end.gating() < begin.gating(),
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    fn overlap(&self, other: &Self) -> Option<CheckError> {
        let (first, second) = (self.change.columns(), other.change.columns());
        if !first.shares_column(second) || self.is_before(other) || other.is_before(self) {
            return None;
        }
        let until = |own: &Self, its: &Self| own.change.kind.needs_until(its.change.columns());
        Some(CheckError::Overlap {
            first_change: self.change.name.to_string(),
            first_kind: Box::new(self.change.kind.clone()),
            first: self.expand.path.clone(),
            second_change: other.change.name.to_string(),
            second_kind: Box::new(other.change.kind.clone()),
            second: other.expand.path.clone(),
            until: until(self, other).max(until(other, self)).unwrap_or(Stage::Contract),
        })
    }
}
