//! The number of rows in a batch: as many as fit in the target time.

use std::time::Duration;

/// The smallest batch, unless the operator sets a lower maximum: fewer rows cost more in round trips
/// than they save anyone.
const LEAST: u32 = 100;

/// The first batch, before its time is known.
const FIRST: u32 = 1000;

/// The size of the next batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BatchSize {
    size: u32,
    target: Duration,
    /// True if a batch spends its time on finding its rows, so that a smaller one is not quicker.
    steady: bool,
}

impl BatchSize {
    pub fn new(target: Duration, most: u32, steady: bool) -> Self {
        Self { size: if steady { most } else { FIRST.min(most) }, target, steady }
    }

    /// The number of rows of the next batch, of which there may be at most `most`.
    pub fn rows(&self, most: u32) -> u32 {
        self.size.min(most).max(1)
    }

    /// Learns that a batch of `rows` took `time`. A batch is at most twice and at least half as large as
    /// the one before: one slow moment of the server says little.
    pub fn took(&mut self, rows: u32, time: Duration, most: u32) {
        let (half, twice) = (rows / 2, rows.saturating_mul(2));
        let right = if self.steady {
            twice.into()
        } else {
            u128::from(rows) * self.target.as_micros() / time.as_micros().max(1)
        };
        let right = u32::try_from(right).unwrap_or(u32::MAX).clamp(half, twice);
        self.size = right.max(LEAST).min(most).max(1);
    }

    /// Learns that the rows of a batch could not be locked: the next batch is half as large.
    pub fn missed(&mut self, rows: u32) {
        self.size = (rows / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_and_shrink_to_the_time_that_they_are_to_take() {
        let milliseconds = Duration::from_millis;
        for (rows, took, most, expect) in [
            (1000, 20, 20_000, 1000),
            (1000, 16, 20_000, 1250),
            (1000, 1, 20_000, 2000),
            (1000, 0, 1500, 1500),
            (1000, 25, 20_000, 800),
            (1000, 900, 20_000, 500),
            (150, 900, 20_000, 100),
            (2, 900, 2, 2),
            (1, 0, 20_000, 100),
            (u32::MAX, 0, u32::MAX, u32::MAX),
        ] {
            let mut batch_size = BatchSize::new(milliseconds(20), most, false);
            batch_size.took(rows, milliseconds(took), most);
            assert_eq!(batch_size.rows(most), expect, "{rows} rows in {took} ms");
        }
    }

    #[test]
    fn rows_that_are_not_to_be_had_halve_a_batch_to_one_row() {
        let mut batch_size = BatchSize::new(Duration::from_millis(20), 5, false);
        let mut sizes = Vec::new();
        for _ in 0..4 {
            sizes.push(batch_size.rows(5));
            batch_size.missed(batch_size.rows(5));
        }
        assert_eq!(sizes, [5, 2, 1, 1]);
        // An operator's request applies at once.
        assert_eq!(BatchSize::new(Duration::from_millis(20), 9000, false).rows(10), 10);
    }

    #[test]
    fn a_batch_that_looks_for_its_rows_keeps_its_size() {
        let mut batch_size = BatchSize::new(Duration::from_millis(20), 5000, true);
        batch_size.took(5000, Duration::from_secs(9), 5000);
        assert_eq!(batch_size.rows(5000), 5000);
    }
}
