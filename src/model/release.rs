use std::fmt;
use std::str::FromStr;

use semver::Version;
use serde::{Deserialize, Serialize};

/// A release of the app: a semantic version without build metadata.
///
/// Releases are ordered as versions, never as text, so `10.0.0` comes after `9.9.0`
/// (comparing them as text once let `16.6` pass for later than `16.11` in a large project).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Release(Version);

/// The reason why a text is not a valid release.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRelease {
    /// The text is empty.
    #[error("the version is empty")]
    Empty,
    /// A leading `v`, as in a git tag.
    #[error("`{text}` has a leading `v`; write `{}`", text.trim_start_matches(['v', 'V']))]
    LeadingV {
        /// The text that was given.
        text: String,
    },
    /// The text has build metadata, which has no order.
    #[error("`{text}` has build metadata, which does not order releases")]
    BuildMetadata {
        /// The text that was given.
        text: String,
    },
    /// The text is not a semantic version.
    #[error("`{}` is not a version of the form `9.0.0`", text.escape_debug())]
    Version {
        /// The text that was given.
        text: String,
        /// The parser's error.
        #[source]
        source: semver::Error,
    },
}

impl Release {
    /// Makes a release from its three numbers.
    #[must_use]
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self(Version::new(major, minor, patch))
    }

    /// The release that counts when gating: `9.0.0-rc.1` counts as `9.0.0`.
    #[must_use]
    pub fn gating(&self) -> Self {
        Self(Version::new(self.0.major, self.0.minor, self.0.patch))
    }

    /// Returns true if code of this release has everything that `other` introduced.
    #[must_use]
    pub fn has_reached(&self, other: &Self) -> bool {
        self.gating() >= other.gating()
    }

    /// Returns true if this is a pre-release such as `9.0.0-rc.1`.
    #[must_use]
    pub fn is_pre_release(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// The next patch release: `9.0.0` gives `9.0.1`.
    #[must_use]
    pub fn next_patch(&self) -> Self {
        Self(Version::new(self.0.major, self.0.minor, self.0.patch.saturating_add(1)))
    }

    /// The next minor release.
    #[must_use]
    pub fn next_minor(&self) -> Self {
        Self(Version::new(self.0.major, self.0.minor.saturating_add(1), 0))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Release {
    type Err = InvalidRelease;
    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        if text.is_empty() {
            return Err(InvalidRelease::Empty);
        }
        let text = text.to_owned();
        match Version::parse(&text) {
            Ok(version) if !version.build.is_empty() => Err(InvalidRelease::BuildMetadata { text }),
            Ok(version) => Ok(Self(version)),
            Err(_) if Version::parse(text.trim_start_matches(['v', 'V'])).is_ok() => {
                Err(InvalidRelease::LeadingV { text })
            }
            Err(source) => Err(InvalidRelease::Version { text, source }),
        }
    }
}

impl TryFrom<String> for Release {
    type Error = InvalidRelease;
    fn try_from(text: String) -> Result<Self, InvalidRelease> {
        text.parse()
    }
}

impl From<Release> for String {
    fn from(release: Release) -> Self {
        release.to_string()
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
        assert!(release("9.1.0").has_reached(&release("9.0.1")));
        assert!(!release("9.0.0").has_reached(&release("9.0.1")));
        assert_eq!(release("9.0.0").next_patch(), release("9.0.1"));
        assert_eq!(release("9.0.1").next_minor(), release("9.1.0"));
    }

    #[test]
    fn odd_texts_are_refused() {
        for text in [
            "",
            "v9",
            "v9.0.0",
            "9.0",
            "9",
            " 9.0.0",
            "9.0.0+build",
            "9.0.0\n",
            "\u{1}\u{2}",
            "09.0.0",
        ] {
            assert!(text.parse::<Release>().is_err(), "{text:?}");
        }
    }
}
