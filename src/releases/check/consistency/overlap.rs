//! No two changes use one column at the same time.

use std::collections::BTreeMap;

use super::stages_of_change::Stages;
use crate::model::{Change, Stage};
use crate::releases::Migration;
use crate::releases::check::CheckError;

/// Compares all changes of each table with each other.
pub(super) fn overlaps<'a>(changes: impl Iterator<Item = &'a Stages<'a>>) -> Vec<CheckError> {
    let mut problems = Vec::new();
    let mut tables: BTreeMap<String, Vec<Span<'_>>> = BTreeMap::new();
    for span in changes.filter_map(Span::of) {
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

/// A change from its expand to its last stage.
struct Span<'a> {
    change: &'a Change,
    expand: &'a Migration,
    contract: &'a Migration,
    purge: Option<&'a Migration>,
}

impl<'a> Span<'a> {
    /// The data to compare the change with others; `None` unless every stage is there and parsed.
    fn of(stages: &Stages<'a>) -> Option<Self> {
        let expand = stages.expand?;
        let (contract, purge) = (stages.contract?, stages.purge);
        Some(Self { change: expand.change()?, expand, contract, purge })
    }

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
