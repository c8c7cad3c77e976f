//! The release that comes next, and one that comes some time later.

use super::scheme::Scheme;
use super::value::Release;

/// How many builds later the values of a dropped column are deleted, where nobody said when.
const BUILDS: u64 = 100;

impl Release {
    /// The earliest release that comes after this one: `9.0.1` after `9.0.0`, `2026.12.01` after
    /// `2026.11.30`, `2026.11.30.3` after `2026.11.30.2`, `1235` after `1234`.
    #[must_use]
    pub fn next(&self) -> Self {
        let [major, minor, patch, fourth] = self.numbers;
        match (self.scheme(), self.parts()) {
            (Scheme::Semver, _) => Self::new(major, minor, patch.saturating_add(1)),
            (Scheme::Sequence, _) => self.with(&[major.saturating_add(1)]),
            (Scheme::Calver, 2) => self.later_month(),
            (Scheme::Calver, 3) if patch == 0 || patch > days(major, minor) => {
                self.with(&[major, minor, patch.saturating_add(1)])
            }
            (Scheme::Calver, 3) if patch < days(major, minor) => {
                self.with(&[major, minor, patch + 1])
            }
            (Scheme::Calver, 3) => {
                let month = self.later_month();
                self.with(&[month.numbers[0], month.numbers[1], 1])
            }
            (Scheme::Calver, _) => self.with(&[major, minor, patch, fourth.saturating_add(1)]),
        }
    }

    /// A release some time after this one: `9.1.0` after `9.0.1`, `2026.12.29` after `2026.11.29`, `1334`
    /// after `1234`.
    #[must_use]
    pub fn later(&self) -> Self {
        let [major, minor, patch, _] = self.numbers;
        match (self.scheme(), self.parts()) {
            (Scheme::Semver, _) => Self::new(major, minor.saturating_add(1), 0),
            (Scheme::Sequence, _) => self.with(&[major.saturating_add(BUILDS)]),
            (Scheme::Calver, 2) => self.later_month(),
            (Scheme::Calver, _) => {
                let month = self.later_month();
                let [year, month, ..] = month.numbers;
                self.with(&[year, month, patch.clamp(1, days(year, month))])
            }
        }
    }

    fn later_month(&self) -> Self {
        let [year, month, ..] = self.numbers;
        if month == 12 {
            self.with(&[year.saturating_add(1), 1])
        } else {
            self.with(&[year, month + 1])
        }
    }

    fn parts(&self) -> usize {
        self.text.split('-').next().unwrap_or_default().split('.').count()
    }

    /// A release of the same scheme, with zeros before small numbers if this one may have them.
    fn with(&self, numbers: &[u64]) -> Self {
        let numbers_text = self.text.split('-').next().unwrap_or_default();
        let padded = numbers_text.split('.').skip(1).take(2).all(|part| part.len() == 2);
        let text = |(at, number): (usize, &u64)| match at {
            1 | 2 if padded => format!("{number:02}"),
            _ => number.to_string(),
        };
        let text: Vec<_> = numbers.iter().enumerate().map(text).collect();
        Self::of(self.scheme(), numbers, &text.join("."))
    }
}

/// The number of days of a month.
const fn days(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_release_follows_the_scheme() {
        for (scheme, at, next, later) in [
            (Scheme::Semver, "9.0.0", "9.0.1", "9.1.0"),
            (Scheme::Semver, "9.0.1-rc.2", "9.0.2", "9.1.0"),
            (Scheme::Calver, "2026.11.29", "2026.11.30", "2026.12.29"),
            (Scheme::Calver, "2026.11.30", "2026.12.01", "2026.12.30"),
            (Scheme::Calver, "2026.1.31", "2026.2.1", "2026.2.28"),
            (Scheme::Calver, "2026.12.31", "2027.01.01", "2027.01.31"),
            (Scheme::Calver, "2028.02.28", "2028.02.29", "2028.03.28"),
            (Scheme::Calver, "2026.02.28", "2026.03.01", "2026.03.28"),
            (Scheme::Calver, "2026.1.5", "2026.1.6", "2026.2.5"),
            (Scheme::Calver, "2026.11.400", "2026.11.401", "2026.12.31"),
            (Scheme::Calver, "2026.11.0", "2026.11.1", "2026.12.1"),
            (Scheme::Calver, "2026.12", "2027.01", "2027.01"),
            (Scheme::Calver, "24.04", "24.05", "24.05"),
            (Scheme::Calver, "2026.11.29.2", "2026.11.29.3", "2026.12.29"),
            (Scheme::Calver, "2026.11.29-rc.1", "2026.11.30", "2026.12.29"),
            (Scheme::Sequence, "1234", "1235", "1334"),
            (Scheme::Sequence, "999", "1000", "1099"),
        ] {
            let release = scheme.parse(at).unwrap();
            assert_eq!(release.next().to_string(), next, "after {at}");
            assert_eq!(release.later().to_string(), later, "some time after {at}");
            for after in [release.next(), release.later()] {
                assert!(after.gating() > release.gating(), "{after} > {at}");
                assert!(scheme.parse(&after.to_string()).is_ok(), "{after}");
            }
        }
    }
}
