//! Reads a release from its text: `v2026.01.05-rc.1` has the numbers 2026, 1, 5 and the pre-release `rc.1`.

use std::str::FromStr;

use semver::{Prerelease, Version};

use super::invalid::InvalidRelease;
use super::scheme::Scheme;
use super::value::{PARTS, Release};

impl Scheme {
    /// Parses a release of this scheme. A leading `v`, as in a git tag, is left out.
    ///
    /// ```
    /// use handover::model::Scheme;
    /// assert_eq!(Scheme::Calver.parse("v2026.01.05")?, Scheme::Calver.parse("2026.1.5")?);
    /// assert!(Scheme::Semver.parse("9.0").is_err());
    /// # Ok::<(), handover::model::InvalidRelease>(())
    /// ```
    ///
    /// # Errors
    /// The text is not such a release.
    pub fn parse(self, given: &str) -> Result<Release, InvalidRelease> {
        if given.is_empty() {
            return Err(InvalidRelease::Empty);
        }
        let text = given.strip_prefix(['v', 'V']).unwrap_or(given);
        if Version::parse(text).is_ok_and(|version| !version.build.is_empty()) {
            return Err(InvalidRelease::BuildMetadata { text: given.to_owned() });
        }
        let (numbers, pre) =
            split(text)
                .filter(|(numbers, pre)| self.allows(text, numbers, pre))
                .ok_or_else(|| InvalidRelease::Version { text: given.to_owned(), scheme: self })?;
        Ok(Release { pre, ..Release::of(self, &numbers, text) })
    }

    /// Parses a release that is there already: of this scheme, or a semantic version of before.
    ///
    /// # Errors
    /// The text is neither.
    pub fn read(self, text: &str) -> Result<Release, InvalidRelease> {
        self.parse(text).or_else(|error| {
            let release = Self::Semver.parse(text).map_err(|_| error)?;
            self.accept(&release)
        })
    }

    /// Returns the same release, if it is of this scheme, or a semantic version of an app that has come
    /// to another scheme since: those have to be earlier, as 9.4.0 is earlier than 2026.11.29 or build 1200.
    ///
    /// # Errors
    /// It is of another scheme.
    pub fn accept(self, release: &Release) -> Result<Release, InvalidRelease> {
        self.parse(&release.text).or_else(|error| {
            let earlier = release.numbers[0] < 1970 && self != Self::Semver;
            Self::Semver.parse(&release.text).ok().filter(|_| earlier).ok_or(error)
        })
    }
}

/// Reads a release of any scheme, as code does that has no `handover.yml` at hand.
impl FromStr for Release {
    type Err = InvalidRelease;
    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let dated = Scheme::Calver.parse(text).ok().filter(|release| release.numbers[0] >= 1970);
        let of = |scheme: &Scheme| scheme.parse(text).ok();
        // The first is the default: its error says what is most likely meant.
        dated
            .or_else(|| Scheme::ALL.iter().find_map(of))
            .map_or_else(|| Scheme::default().parse(text), Ok)
    }
}

impl TryFrom<String> for Release {
    type Error = InvalidRelease;
    fn try_from(text: String) -> Result<Self, InvalidRelease> {
        text.parse()
    }
}

impl InvalidRelease {
    /// The advice to follow if the text is valid in another scheme; else empty.
    #[must_use]
    pub fn advice(&self) -> String {
        let Self::Version { text, scheme } = self else { return String::new() };
        let other = Scheme::ALL.iter().find(|other| *other != scheme && other.parse(text).is_ok());
        other.map_or_else(String::new, |other| {
            let name = other.name();
            format!(", or set `release: {{ scheme: {name} }}` in `handover.yml` if releases are numbered that way")
        })
    }
}

/// The numbers and the pre-release of a text such as `2026.11.05-rc.1`; `None` if it is something else.
pub(super) fn split(text: &str) -> Option<(Vec<u64>, Prerelease)> {
    let (numbers, pre) = match text.split_once('-') {
        Some((_, "")) => return None,
        Some((numbers, pre)) => (numbers, Prerelease::new(pre).ok()?),
        None => (text, Prerelease::EMPTY),
    };
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits)
    };
    let numbers = numbers.split('.').map(number).collect::<Option<Vec<_>>>()?;
    (numbers.len() <= PARTS).then_some((numbers, pre))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_texts_are_refused() {
        for text in [
            "",
            "v",
            "vv9.0.0",
            "latest",
            " 9.0.0",
            "9.0.0+build",
            "9.0.0\n",
            "\u{1}\u{2}",
            "9..0",
            ".9",
            "9.",
            "1234-rc.1",
            "2026-11-29",
            "1.2.3.4.5",
            "2026.11.29-",
            "99999999999999999999",
            "+1",
        ] {
            assert!(text.parse::<Release>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn each_scheme_has_its_forms() {
        for (scheme, valid, invalid) in [
            (
                Scheme::Semver,
                &["9.0.0", "v9.0.0", "9.0.0-rc.1", "2026.11.29"][..],
                &["9", "9.0", "09.0.0", "2026.01.05", "9.0.0.1", "1234"][..],
            ),
            (
                Scheme::Calver,
                &[
                    "2026.11.29",
                    "v2026.1.5",
                    "2026.01.05",
                    "2026.11",
                    "24.04",
                    "2026.11.29.2",
                    "2026.11.29-rc.1",
                    "2026.11.400",
                ],
                &["9.0.0", "2026", "2026.13.1", "2026.0.1", "1234", "2026-11-29"],
            ),
            (
                Scheme::Sequence,
                &["1234", "v7", "0", "20261129"],
                &["9.0.0", "12.3", "1234-rc.1", "-1", "1e3", "0x10"],
            ),
        ] {
            for text in valid {
                assert!(scheme.parse(text).is_ok(), "{scheme:?} {text}");
            }
            for text in invalid {
                assert!(scheme.parse(text).is_err(), "{scheme:?} {text}");
            }
        }
    }

    #[test]
    fn releases_from_before_another_scheme_stay_valid() {
        for (scheme, text, accepted) in [
            (Scheme::Calver, "9.4.0", true),
            (Scheme::Calver, "2026.13.1", false),
            (Scheme::Calver, "1234", false),
            (Scheme::Sequence, "9.4.0", true),
            (Scheme::Sequence, "2026.11.29", false),
            (Scheme::Semver, "1234", false),
            (Scheme::Semver, "2026.01.05", false),
        ] {
            let release: Release = match text.parse() {
                Ok(release) => release,
                Err(_) => continue,
            };
            assert_eq!(scheme.accept(&release).is_ok(), accepted, "{scheme:?} {text}");
        }
    }
}
