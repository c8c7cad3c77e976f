//! How long a migration is expected to take.

use std::collections::HashMap;
use std::time::Duration;

use super::{Effect, Extent, Impact};
use crate::database::Dialect;
use crate::model::{Release, Stage, TableName};
use crate::releases::Migration;

/// The rows written per second, if the database has no figures of its own. It is a cautious figure:
/// a backfill with its indexes and the comparison wrote 15 times as many on two cores
/// (docs/explanation/benchmarks.md).
pub const COPIED_ROWS: u32 = 10_000;
/// The rows read per second to build an index or to rewrite a table.
pub const SCANNED_ROWS: u32 = 100_000;

/// The sizes that a database reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    /// The kind of database.
    pub dialect: Dialect,
    /// The approximate number of rows of each table that exists.
    pub rows: HashMap<TableName, u64>,
    /// The rows per second that its last copies wrote, if it has figures.
    pub copied: Option<f64>,
}

/// A migration that is expected to take longer than an upgrade may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrun {
    /// The change's id, or the name of a plain SQL migration.
    pub name: String,
    /// The stage; `None` for plain SQL.
    pub stage: Option<Stage>,
    /// Its release; `None` if it is unreleased.
    pub release: Option<Release>,
    /// The expected duration.
    pub expected: Duration,
    /// The duration that a stage may take: `upgrade_budget`.
    pub budget: Duration,
}

impl Sizes {
    /// The number of rows that an effect reads or writes. A table that does not exist yet counts as
    /// empty, because it will be new and small.
    #[must_use]
    pub fn rows(&self, effect: &Effect) -> Option<u64> {
        match effect.extent {
            Extent::Moment | Extent::Unknown => None,
            Extent::Scan | Extent::Copy => {
                let table = effect.table.as_ref()?;
                Some(self.rows.get(table).copied().unwrap_or(0))
            }
        }
    }

    /// The expected duration of a migration, beyond a moment; `None` if it cannot be estimated.
    #[must_use]
    pub fn expect(&self, impact: &Impact) -> Option<Duration> {
        impact.effects.iter().map(|effect| self.one(effect)).sum()
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate needs no 53 bits")]
    fn one(&self, effect: &Effect) -> Option<Duration> {
        let rate = match effect.extent {
            Extent::Moment => return Some(Duration::ZERO),
            Extent::Unknown => return None,
            Extent::Scan => f64::from(SCANNED_ROWS),
            Extent::Copy => self.copied.unwrap_or(f64::from(COPIED_ROWS)),
        };
        let seconds = self.rows(effect)? as f64 / rate;
        // The cap is not a sensible duration, but it keeps sums from overflowing.
        Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 1000))
    }

    /// Returns the overrun if a migration is expected to take longer than `budget`.
    #[must_use]
    pub fn overrun(&self, migration: &Migration, budget: Duration) -> Option<Overrun> {
        let expected = self.expect(&Impact::of(migration, Some(self.dialect)))?;
        (expected > budget).then(|| Overrun {
            name: migration.slug.clone(),
            stage: migration.stage(),
            release: migration.release.clone(),
            expected,
            budget,
        })
    }
}
