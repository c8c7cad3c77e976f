//! Numbers: what one instance reports, and what they come to.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What an instance has done since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub statements: u64,
    pub failed: u64,
    pub deadlocks: u64,
    pub acknowledged: u64,
    pub stale: u64,
    pub slowest: Duration,
    /// The first few things that went wrong, in words.
    pub troubles: Vec<String>,
}

impl Report {
    pub const TROUBLES: usize = 5;

    /// Takes in what another instance has done.
    pub fn add(&mut self, other: &Self) {
        self.statements += other.statements;
        self.failed += other.failed;
        self.deadlocks += other.deadlocks;
        self.acknowledged += other.acknowledged;
        self.stale += other.stale;
        self.slowest = self.slowest.max(other.slowest);
        self.troubles.extend(other.troubles.iter().cloned());
        self.troubles.truncate(Self::TROUBLES);
    }
}

/// How it all came out.
#[derive(Debug, Serialize)]
pub struct Tally {
    pub statements: u64,
    pub failed: u64,
    /// Transactions that MariaDB ended, to be run again.
    pub deadlocks: u64,
    pub acknowledged: u64,
    /// Rows that are not what was acknowledged, and stale reads.
    pub lost: u64,
    pub stale: u64,
    pub slowest_ms: u128,
    pub seconds: u64,
    pub troubles: Vec<String>,
    /// Why the story ended early, if it did.
    pub error: Option<String>,
}

impl Tally {
    pub fn new(
        report: Report,
        differences: Vec<String>,
        took: Duration,
        error: Option<String>,
    ) -> Self {
        let lost = differences.len() as u64 + report.stale;
        let troubles = report.troubles.into_iter();
        Self {
            statements: report.statements,
            failed: report.failed,
            deadlocks: report.deadlocks,
            acknowledged: report.acknowledged,
            lost,
            stale: report.stale,
            slowest_ms: report.slowest.as_millis(),
            seconds: took.as_secs(),
            troubles: troubles.chain(differences.into_iter().take(Report::TROUBLES)).collect(),
            error,
        }
    }

    pub fn is_clean(&self) -> bool {
        self.failed == 0 && self.lost == 0 && self.error.is_none()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "statements           {:>9}  in {} s", self.statements, self.seconds)?;
        writeln!(out, "statements failed    {:>9}", self.failed)?;
        if self.deadlocks > 0 {
            writeln!(out, "transactions to rerun{:>9}", self.deadlocks)?;
        }
        writeln!(out, "writes acknowledged  {:>9}", self.acknowledged)?;
        writeln!(out, "writes lost          {:>9}", self.lost)?;
        writeln!(out, "stale reads          {:>9}", self.stale)?;
        write!(out, "slowest statement    {:>9}  ms", self.slowest_ms)?;
        for trouble in &self.troubles {
            write!(out, "\n  {trouble}")?;
        }
        if let Some(error) = &self.error {
            write!(out, "\nended early: {error}")?;
        }
        Ok(())
    }
}
