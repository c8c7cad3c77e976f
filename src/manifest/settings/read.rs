use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::{BackfillSettings, Folders, LockSettings, Settings, SettingsError};
use crate::manifest::{Place, yaml};

impl Settings {
    /// Reads the text of `handover.yml`. `file` is what errors call it. An empty text, or one of
    /// comments only, gives the defaults.
    ///
    /// # Errors
    /// The text has an unknown or repeated key, or a value of the wrong type or out of bounds.
    pub fn parse(file: &Path, text: &str) -> Result<Self, SettingsError> {
        let raw: Raw = yaml::read::<Option<Raw>>(file, text)?.unwrap_or_default();
        let read = Reader { file };
        let defaults = Self::default();
        let patience = (Duration::ZERO..=DAY, "0s to 1day");
        Ok(Self {
            folders: read.folders(raw.folders)?,
            lock: LockSettings {
                timeout: read.duration(
                    "lock.timeout",
                    raw.lock.timeout,
                    defaults.lock.timeout,
                    (Duration::from_millis(1)..=Duration::from_mins(1), "1ms to 60s"),
                )?,
                patience: read.duration(
                    "lock.patience",
                    raw.lock.patience,
                    defaults.lock.patience,
                    patience.clone(),
                )?,
            },
            backfill: BackfillSettings {
                batch_size: read.batch_size(raw.backfill.batch_size)?,
                pause: read.duration(
                    "backfill.pause",
                    raw.backfill.pause,
                    defaults.backfill.pause,
                    (Duration::ZERO..=Duration::from_hours(1), "0ms to 1h"),
                )?,
            },
            acknowledgement_patience: read.duration(
                "acknowledgement_patience",
                raw.acknowledgement_patience,
                defaults.acknowledgement_patience,
                patience,
            )?,
        })
    }
}

const DAY: Duration = Duration::from_hours(24);

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Raw {
    folders: RawFolders,
    lock: RawLock,
    backfill: RawBackfill,
    acknowledgement_patience: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawFolders {
    unreleased: Option<Spanned<String>>,
    releases: Option<Spanned<String>>,
    templates: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawLock {
    timeout: Option<Spanned<String>>,
    patience: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawBackfill {
    batch_size: Option<Spanned<u32>>,
    pause: Option<Spanned<String>>,
}

/// Turns what the file says into values, and knows what errors call the file.
struct Reader<'a> {
    file: &'a Path,
}

impl Reader<'_> {
    fn duration(
        &self,
        key: &'static str,
        raw: Option<Spanned<String>>,
        default: Duration,
        (bounds, words): (RangeInclusive<Duration>, &'static str),
    ) -> Result<Duration, SettingsError> {
        let Some(Spanned { value: text, referenced, .. }) = raw else {
            return Ok(default);
        };
        let place = Place::at(self.file, referenced);
        match humantime::parse_duration(&text) {
            Ok(duration) if bounds.contains(&duration) => Ok(duration),
            Ok(_) => Err(SettingsError::Bounds { place, key, text, bounds: words }),
            Err(source) => Err(SettingsError::Duration { place, key, text, source }),
        }
    }

    fn batch_size(&self, raw: Option<Spanned<u32>>) -> Result<u32, SettingsError> {
        let Some(size) = raw else {
            return Ok(BackfillSettings::default().batch_size);
        };
        if (1..=1_000_000).contains(&size.value) {
            return Ok(size.value);
        }
        Err(SettingsError::Bounds {
            place: Place::at(self.file, size.referenced),
            key: "backfill.batch_size",
            text: size.value.to_string(),
            bounds: "1 to 1000000",
        })
    }

    fn folders(&self, raw: RawFolders) -> Result<Folders, SettingsError> {
        let default = Folders::default();
        let mut taken: Vec<PathBuf> = Vec::new();
        let mut folder = |key, raw: Option<Spanned<String>>, default| {
            let (folder, place) = match raw {
                Some(raw) => (PathBuf::from(raw.value), Place::at(self.file, raw.referenced)),
                None => (default, Place::file(self.file)),
            };
            let inside = folder.components().all(|part| matches!(part, Component::Normal(_)))
                && folder.components().next().is_some();
            let apart =
                taken.iter().all(|other| !folder.starts_with(other) && !other.starts_with(&folder));
            if !(inside && apart) {
                return Err(SettingsError::Folder { place, key, folder });
            }
            taken.push(folder.clone());
            Ok(folder)
        };
        Ok(Folders {
            unreleased: folder("folders.unreleased", raw.unreleased, default.unreleased)?,
            releases: folder("folders.releases", raw.releases, default.releases)?,
            templates: folder("folders.templates", raw.templates, default.templates)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(Path::new("handover.yml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_is_optional() {
        for text in ["", "# nothing\n", "---\n", "lock: {}\n", "{}"] {
            assert_eq!(parse(text), Ok(Settings::default()), "{text:?}");
        }
    }

    #[test]
    fn everything_can_be_set() {
        let settings = parse(
            "folders: { unreleased: db/next, releases: db/releases, templates: db/templates }\n\
             lock: { timeout: 200ms, patience: 5m }\n\
             backfill: { batch_size: 500, pause: 10ms }\n\
             acknowledgement_patience: 1m 30s\n",
        )
        .unwrap();
        assert_eq!(settings.folders.releases, Path::new("db/releases"));
        assert_eq!(settings.lock.timeout, Duration::from_millis(200));
        assert_eq!(settings.lock.patience, Duration::from_mins(5));
        assert_eq!(settings.backfill.batch_size, 500);
        assert_eq!(settings.backfill.pause, Duration::from_millis(10));
        assert_eq!(settings.acknowledgement_patience, Duration::from_secs(90));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let lines: Vec<String> = [
            "lock: { timeout: 2h }",
            "lock: { timeout: soon }",
            "lock: { timeout: 15 }",
            "lock: {}\nlock: {}",
            "lokc: {}",
            "backfill: { batch_size: 0 }",
            "backfill: { batch_size: 1000001 }",
            "backfill: { batch_size: -1 }",
            "backfill:\n  pause: 2h",
            "lock: 3",
            "folders: { releases: /etc }",
            "folders: { releases: ../x }",
            "folders: { releases: '' }",
            "folders: { releases: unreleased/x }",
        ]
        .into_iter()
        .map(|text| parse(text).unwrap_err())
        .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        handover.yml:1:18: the value `2h` of `lock.timeout` is not within 1ms to 60s
        handover.yml:1:18: the value `soon` of `lock.timeout` is no duration such as `50ms` or `15s`
        handover.yml:1:18: the value `15` of `lock.timeout` is no duration such as `50ms` or `15s`
        handover.yml:2:1: key `lock` is given twice
        handover.yml:1:1: unknown field `lokc`, expected one of folders, lock, backfill, acknowledgement_patience
        handover.yml:1:25: the value `0` of `backfill.batch_size` is not within 1 to 1000000
        handover.yml:1:25: the value `1000001` of `backfill.batch_size` is not within 1 to 1000000
        handover.yml:1:25: this must be a whole number, not negative
        handover.yml:2:10: the value `2h` of `backfill.pause` is not within 0ms to 1h
        handover.yml:1:7: expected mapping start
        handover.yml:1:22: the value `/etc` of `folders.releases` is no folder of its own inside the project
        handover.yml:1:22: the value `../x` of `folders.releases` is no folder of its own inside the project
        handover.yml:1:22: the value `` of `folders.releases` is no folder of its own inside the project
        handover.yml:1:22: the value `unreleased/x` of `folders.releases` is no folder of its own inside the project
        "#);
    }
}
