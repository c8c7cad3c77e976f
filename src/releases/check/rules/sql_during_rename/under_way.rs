//! The renames that are under way, and the migrations that run meanwhile.

use std::collections::HashMap;

use crate::model::{Change, Deploy, Release, Stage};
use crate::releases::Migration;

/// A rename with the two stages between which its columns are under way.
pub(super) struct UnderWay<'a> {
    pub(super) change: &'a Change,
    pub(super) expand: &'a Migration,
    pub(super) contract: &'a Migration,
}

/// The renames whose expand and contract are both there, with the expand parsed.
pub(super) fn renames(migrations: &[Migration]) -> Vec<UnderWay<'_>> {
    let contracts: HashMap<&str, &Migration> = migrations
        .iter()
        .filter(|migration| migration.stage() == Some(Stage::Contract))
        .map(|migration| (migration.slug.as_str(), migration))
        .collect();
    let expands = migrations.iter().filter(|at| at.stage() == Some(Stage::Expand));
    let found = expands.filter_map(|expand| {
        let contract = contracts.get(expand.slug.as_str())?;
        Some(UnderWay { change: expand.change()?, expand, contract })
    });
    found.collect()
}

impl UnderWay<'_> {
    /// Returns true if a migration runs between the stages. `next` is the release that unreleased
    /// files go into, if it is known; `reached` is the app's release.
    pub(super) fn contains(
        &self,
        migration: &Migration,
        next: Option<&Release>,
        reached: Option<&Release>,
    ) -> bool {
        let end = self.contract.release.as_ref();
        let is_over = |end: &Release| match (&migration.release, next) {
            (Some(_), _) => reached.is_some_and(|at| at.gating() > end.gating()),
            (None, Some(next)) => next.gating() > end.gating(),
            // The next release is at least the app's own, and whoever cuts that one is asked again.
            (None, None) => reached.is_some_and(|at| at.has_reached(end)),
        };
        !end.is_some_and(is_over)
            && order(self.expand) < order(migration)
            && order(migration) < self.end(migration, next)
    }

    /// The end of the span. An unreleased file runs in the next release, which may be the contract's.
    fn end<'m>(&'m self, migration: &'m Migration, next: Option<&Release>) -> Order<'m> {
        match (&migration.release, &self.contract.release) {
            (None, Some(end)) if next.is_none_or(|next| next.gating() <= end.gating()) => LAST,
            _ => order(self.contract),
        }
    }

    /// Returns true if only its id puts a migration behind the expand, so that a smaller id would put
    /// it before.
    pub(super) fn begins_with(&self, migration: &Migration) -> bool {
        migration.release == self.expand.release && migration.deploy == Deploy::Pre
    }
}

/// Sorts migrations in the order in which they run: by release, before and after the
/// roll-out, stages, and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Order<'m> {
    is_unreleased: bool,
    release: Option<&'m Release>,
    deploy: Deploy,
    rank: Stage,
    id: u64,
}

/// The position after everything else.
const LAST: Order<'static> = Order {
    is_unreleased: true,
    release: None,
    deploy: Deploy::Post,
    rank: Stage::Contract,
    id: u64::MAX,
};

fn order(migration: &Migration) -> Order<'_> {
    Order {
        is_unreleased: migration.release.is_none(),
        release: migration.release.as_ref(),
        deploy: migration.deploy,
        rank: migration.rank(),
        id: migration.id,
    }
}
