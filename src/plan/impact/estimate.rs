use std::collections::HashMap;
use std::time::Duration;

use super::{Effect, Extent, Impact};
use crate::database::Dialect;
use crate::model::{Release, Stage, TableName};
use crate::releases::Migration;

/// Rows a second that are written, where the database has no figures of its own: with its indexes
/// and the comparison, a backfill wrote 15 times as many on two cores (docs/explanation/benchmarks.md).
pub const COPIED_ROWS: u32 = 10_000;
/// Rows a second that are read to build an index or to write a table anew.
pub const SCANNED_ROWS: u32 = 100_000;

/// What a database says of the size of things.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    /// What kind of database it is.
    pub dialect: Dialect,
    /// About how many rows the tables have that it has.
    pub rows: HashMap<TableName, u64>,
    /// Rows a second that its last copies wrote, if there are figures.
    pub copied: Option<f64>,
}

/// A migration that is expected to take longer than an upgrade may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrun {
    /// The change's id, or the name of a plain SQL migration.
    pub name: String,
    /// The stage; none for plain SQL.
    pub stage: Option<Stage>,
    /// Its release; none while unreleased.
    pub release: Option<Release>,
    /// How long it is expected to take.
    pub expected: Duration,
    /// How long a stage may take: `upgrade_budget`.
    pub budget: Duration,
}

impl Sizes {
    /// The rows that an effect goes through. A table that is not there yet will be new, and small.
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

    /// How long a migration is expected to take, beyond a moment; none where that cannot be told.
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
        // Not a number of seconds that makes sense, but none that fails.
        Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 1000))
    }

    /// Tells if a migration is expected to take longer than `budget`.
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
