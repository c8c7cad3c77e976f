//! How an app numbers its releases.

use semver::{Prerelease, Version};

/// `release.scheme` of `handover.yml`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Semantic versions: `9.0.0`.
    #[default]
    Semver,
    /// Dates: `2026.11.29`, `2026.11`, or `2026.11.29.2` for the second release of a day. Month and day
    /// may have a leading zero.
    Calver,
    /// The number of a build: `1234`.
    Sequence,
}

impl Scheme {
    /// All, in the order in which a text of an unknown scheme is tried.
    pub const ALL: [Self; 3] = [Self::Semver, Self::Calver, Self::Sequence];

    /// Its name in `handover.yml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Calver => "calver",
            Self::Sequence => "sequence",
        }
    }

    /// The forms of its releases, for messages.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::Semver => "`9.0.0`",
            Self::Calver => "`2026.11.29` or `2026.11.29.2`",
            Self::Sequence => "`1234`",
        }
    }

    /// One release, for messages.
    #[must_use]
    pub const fn sample(self) -> &'static str {
        match self {
            Self::Semver => "`9.0.0`",
            Self::Calver => "`2026.11.29`",
            Self::Sequence => "`1234`",
        }
    }

    /// Returns true if a text with these numbers and this pre-release is a release of the scheme.
    pub(super) fn allows(self, text: &str, numbers: &[u64], pre: &Prerelease) -> bool {
        match (self, numbers) {
            // It has rules on zeros.
            (Self::Semver, _) => Version::parse(text).is_ok(),
            (Self::Calver, [year, month, ..]) => {
                matches!(year, 10..=99 | 1970..=9999) && matches!(month, 1..=12)
            }
            (Self::Sequence, [_]) => pre.is_empty(),
            _ => false,
        }
    }
}
