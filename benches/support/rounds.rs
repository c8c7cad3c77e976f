//! Comparing two ways to do the same.

use std::time::Duration;

/// The middle of what was measured.
pub fn median(mut measured: Vec<f64>) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured[measured.len() / 2]
}

/// Measures two variants in turns, so that whatever else the machine does meets both of them.
/// Which one goes first is left to chance: the second finds the caches warm, and what the database
/// does every so many statements, such as a checkpoint, must not fall to the same one each time.
pub async fn alternate(
    rounds: usize,
    mut first: impl AsyncFnMut() -> Duration,
    mut second: impl AsyncFnMut() -> Duration,
) -> Pair {
    let mut pairs = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let (a, b);
        if rand::random() {
            a = first().await;
            b = second().await;
        } else {
            b = second().await;
            a = first().await;
        }
        pairs.push((a.as_secs_f64(), b.as_secs_f64()));
    }
    Pair(pairs)
}

/// What two variants took, round by round.
pub struct Pair(Vec<(f64, f64)>);

impl Pair {
    /// The median time of the first and the second variant, in seconds.
    pub fn medians(&self) -> (f64, f64) {
        let each = |of: fn(&(f64, f64)) -> f64| median(self.0.iter().map(of).collect());
        (each(|pair| pair.0), each(|pair| pair.1))
    }

    /// How many times as long the second variant took, by the median round.
    pub fn ratio(&self) -> f64 {
        median(self.0.iter().map(|(first, second)| second / first).collect())
    }
}
