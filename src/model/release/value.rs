//! A release: its numbers, their order, its text.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use semver::Prerelease;
use serde::{Deserialize, Serialize};

use super::scheme::Scheme;

/// The maximum number of numbers in a release.
pub(super) const PARTS: usize = 4;

/// A release of the app: one to four numbers with dots between them, and perhaps a pre-release.
///
/// Releases are ordered by their numbers, never as text, so `10.0.0` comes after `9.9.0`
/// (comparing them as text once let `16.6` pass for later than `16.11` in a large project). A number
/// that is missing counts as 0, and leading zeros count for nothing: `2026.01.05` is `2026.1.5`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release {
    pub(super) numbers: [u64; PARTS],
    pub(super) pre: Prerelease,
    pub(super) scheme: Scheme,
    /// As it was written, without a leading `v`.
    pub(super) text: String,
}

impl Release {
    /// Makes a semantic version from its three numbers.
    #[must_use]
    pub fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self::of(Scheme::Semver, &[major, minor, patch], &format!("{major}.{minor}.{patch}"))
    }

    pub(super) fn of(scheme: Scheme, parts: &[u64], text: &str) -> Self {
        let mut numbers = [0; PARTS];
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = *part;
        }
        Self { numbers, pre: Prerelease::EMPTY, scheme, text: text.to_owned() }
    }

    /// The release that counts when gating: `9.0.0-rc.1` counts as `9.0.0`.
    #[must_use]
    pub fn gating(&self) -> Self {
        let text = self.text.split_once('-').map_or(self.text.as_str(), |(numbers, _)| numbers);
        Self { pre: Prerelease::EMPTY, text: text.to_owned(), ..self.clone() }
    }

    /// Returns true if code of this release has everything that `other` introduced.
    #[must_use]
    pub fn has_reached(&self, other: &Self) -> bool {
        self.numbers >= other.numbers
    }

    /// How it is numbered.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns true if this is a pre-release such as `9.0.0-rc.1`.
    #[must_use]
    pub fn is_pre_release(&self) -> bool {
        !self.pre.is_empty()
    }
}

impl PartialEq for Release {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Release {}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Release {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| self.pre.cmp(&other.pre))
    }
}

impl Hash for Release {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers.hash(state);
        self.pre.hash(state);
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(text: &str) -> Release {
        text.parse().unwrap()
    }

    #[test]
    fn compared_as_versions_and_pre_releases_gate_as_their_release() {
        assert!(release("10.0.0") > release("9.9.0"));
        assert!(release("9.0.0-rc.1").has_reached(&release("9.0.0")));
        assert!(release("9.0.0-rc.1") < release("9.0.0"));
        assert!(release("9.1.0").has_reached(&release("9.0.1")));
        assert!(!release("9.0.0").has_reached(&release("9.0.1")));
        assert_eq!(release("9.0.0-rc.1").gating().to_string(), "9.0.0");
    }

    #[test]
    fn numbers_count_and_how_they_are_written_does_not() {
        for (one, other) in [
            ("v9.0.0", "9.0.0"),
            ("2026.01.05", "2026.1.5"),
            ("2026.11", "2026.11.0"),
            ("v1234", "1234"),
            ("2026.11.05-rc.1", "2026.11.5-rc.1"),
        ] {
            let (one, other) = (release(one), release(other));
            assert_eq!(one, other);
            assert!(one.has_reached(&other) && other.has_reached(&one));
            let set = std::collections::HashSet::from([one, other]);
            assert_eq!(set.len(), 1);
        }
        for (earlier, later) in [
            ("999", "1000"),
            ("2026.9.30", "2026.10.01"),
            ("2026.11.29", "2026.11.29.1"),
            ("2026.11.29.9", "2026.11.29.10"),
            ("9.4.0", "2026.11.29"),
            ("9.4.0", "1234"),
        ] {
            assert!(release(earlier) < release(later), "{earlier} < {later}");
        }
    }

    #[test]
    fn a_release_is_shown_as_it_was_written() {
        for (text, shown) in [("v9.0.0", "9.0.0"), ("2026.01.05", "2026.01.05"), ("007", "007")] {
            assert_eq!(release(text).to_string(), shown);
            assert_eq!(serde_json::to_string(&release(text)).unwrap(), format!("\"{shown}\""));
        }
    }
}
