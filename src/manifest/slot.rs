//! Reads and renders the file of a slot.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::{Location, YamlError, yaml};
use crate::model::{InvalidRelease, Release};

/// A slot reserved at the start of a release, for a migration that an older line may need
/// later. Nothing runs for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its id, which no migration uses.
    pub id: u64,
    /// The release that it is in.
    pub release: Release,
    /// The migration that took it; `None` if it is free.
    pub taken_by: Option<Taken>,
}

/// The migration that took a slot, by moving to an older line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub migration: u64,
    /// The release that it moved to.
    pub release: Release,
}

/// The reason why the file of a slot is not valid.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// The file is not the YAML of a slot.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A value is not a valid release.
    #[error("{location}: the value of `{key}` is not a release such as `9.0.0`")]
    Release {
        /// The position in the file.
        location: Location,
        /// The key.
        key: &'static str,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
}

impl SlotError {
    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the file, then run `handover check`".to_owned())
    }

    /// The position in the file.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::Yaml(error) => error.location(),
            Self::Release { location, .. } => location,
        }
    }
}

impl Slot {
    /// Reads the file of a slot. Errors name it as `file`.
    ///
    /// # Errors
    /// The text is not exactly one slot.
    pub fn parse(file: &Path, text: &str) -> Result<Self, SlotError> {
        let raw: Raw = yaml::read(file, text)?;
        let release = |key, raw: Spanned<String>| {
            raw.value.parse().map_err(|source| SlotError::Release {
                location: Location::at(file, raw.referenced),
                key,
                source,
            })
        };
        let taken_by = match raw.taken_by {
            Some(taken) => Some(Taken {
                migration: taken.migration,
                release: release("release", taken.release)?,
            }),
            None => None,
        };
        Ok(Self { id: raw.id, release: release("slot", raw.slot)?, taken_by })
    }

    /// The text of its file.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::from(match self.taken_by {
            None => "# Kept free for a migration that an older line may need. Nothing runs here.\n",
            Some(_) => "# Taken by a migration that moved to an older line. Nothing runs here.\n",
        });
        let _ = writeln!(text, "id: {}\nslot: {}", self.id, self.release);
        if let Some(Taken { migration, release }) = &self.taken_by {
            let _ = writeln!(text, "taken_by: {{ migration: {migration}, release: {release} }}");
        }
        text
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: u64,
    slot: Spanned<String>,
    taken_by: Option<RawTaken>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTaken {
    migration: u64,
    release: Spanned<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = Slot::parse(Path::new("a.yml"), text).unwrap_err();
        assert!(error.hint().is_some());
        assert_eq!(error.location().file, Path::new("a.yml"));
        error.to_string()
    }

    #[test]
    fn a_slot_reads_back() {
        let free = Slot { id: 20_261_121_093_000, release: Release::new(9, 0, 0), taken_by: None };
        let taken = Taken { migration: 7, release: "8.17.1-rc.1".parse().unwrap() };
        let taken = Slot { taken_by: Some(taken), ..free.clone() };
        for slot in [free, taken] {
            let text = slot.render();
            assert_eq!(Slot::parse(Path::new("a.yml"), &text).unwrap(), slot);
            let windows = text.replace('\n', "\r\n");
            assert_eq!(Slot::parse(Path::new("a.yml"), &windows).unwrap(), slot);
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let lines: Vec<String> = [
            "",
            "id: 1\n",
            "slot: 9.0.0\n",
            "id: x\nslot: 9.0.0\n",
            "id: 1\nslot: nine\n",
            "id: 1\nslot: 9.0.0+build\n",
            "id: 1\nslot: 9.0.0\nslot: 9.0.0\n",
            "id: 1\nslot: 9.0.0\ncolour: red\n",
            "id: 1\nslot: 9.0.0\ntaken_by: 7\n",
            "id: 1\nslot: 9.0.0\ntaken_by: { migration: 7 }\n",
            "id: 1\nslot: 9.0.0\ntaken_by: { migration: 7, release: eight }\n",
            "id: 1\nslot: 9.0.0\ntaken_by: { migration: 7, release: 8.0.0, x: 1 }\n",
            "id: 1\nslot: 9.0.0\n---\nid: 1\n",
        ]
        .map(error)
        .into();
        insta::assert_snapshot!(lines.join("\n"), @r"
        a.yml:1:1: unexpected end of file
        a.yml:1:1: missing field `slot`
        a.yml:1:1: missing field `id`
        a.yml:1:5: this must be a whole number, not negative
        a.yml:2:7: the value of `slot` is not a release such as `9.0.0`
        a.yml:2:7: the value of `slot` is not a release such as `9.0.0`
        a.yml:3:1: key `slot` is given twice
        a.yml:3:1: unknown field `colour`, expected one of id, slot, taken_by
        a.yml:3:11: expected mapping start
        a.yml:3:13: missing field `release`
        a.yml:3:36: the value of `release` is not a release such as `9.0.0`
        a.yml:3:43: unknown field `x`, expected one of migration, release
        a.yml:3:1: the file has more than one document
        ");
    }
}
