//! A change has each of its stages once, and they agree.

use std::collections::BTreeMap;

use super::stage_order::order;
use crate::model::Stage;
use crate::releases::Migration;
use crate::releases::check::CheckError;

/// Puts the stages of each change together. Adds a problem for each stage that a change has twice.
pub(super) fn by_change<'a>(
    migrations: &'a [Migration],
    problems: &mut Vec<CheckError>,
) -> BTreeMap<&'a str, Stages<'a>> {
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
    changes
}

/// The files of one change.
#[derive(Default)]
pub(super) struct Stages<'a> {
    pub expand: Option<&'a Migration>,
    pub backfill: Option<&'a Migration>,
    pub contract: Option<&'a Migration>,
    pub purge: Option<&'a Migration>,
}

impl<'a> Stages<'a> {
    fn all(&self) -> impl Iterator<Item = (Stage, &'a Migration)> {
        let files = [self.expand, self.backfill, self.contract, self.purge];
        Stage::ALL.into_iter().zip(files).filter_map(|(stage, found)| Some((stage, found?)))
    }

    pub fn problems(&self, change: &str, problems: &mut Vec<CheckError>) {
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
}
