//! Reads `handover.yml`, and checks that each value is in bounds.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_yaml::Spanned;

use super::raw::Raw;
use super::{CheckSettings, LockSettings, Settings, SettingsError};
use crate::manifest::{Location, yaml};
use crate::model::{AppName, Release, Scheme};

impl Settings {
    /// Reads the text of `handover.yml`. Errors name it as `file`. An empty text, or one with
    /// comments only, gives the defaults.
    ///
    /// # Errors
    /// The text has an unknown or repeated key, or a value of the wrong type or out of bounds.
    pub fn parse(file: &Path, text: &str) -> Result<Self, SettingsError> {
        let raw: Raw = yaml::read::<Option<Raw>>(file, text)?.unwrap_or_default();
        let read = Reader { file, scheme: scheme(file, raw.release.scheme)? };
        let defaults = Self::default();
        let patience = (Duration::ZERO..=DAY, "0s to 1day");
        Ok(Self {
            app: raw.app.map(|raw| read.app(&raw)).transpose()?,
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
            backfill: read.backfill(raw.backfill)?,
            scheme: read.scheme,
            acknowledgement_patience: read.duration(
                "acknowledgement_patience",
                raw.acknowledgement_patience,
                defaults.acknowledgement_patience,
                patience,
            )?,
            required_stops: read.stops(raw.required_stops)?,
            minimum_version: raw
                .minimum_version
                .map(|raw| read.release("minimum_version", raw))
                .transpose()?,
            upgrade_budget: read.duration(
                "upgrade_budget",
                raw.upgrade_budget,
                defaults.upgrade_budget,
                (Duration::from_secs(1)..=30 * DAY, "1s to 30days"),
            )?,
            allow: raw.allow,
            prepare: raw.rehearse.prepare.map(|file| PathBuf::from(file.value)),
            check: CheckSettings {
                max_age: read.duration(
                    "check.max_age",
                    raw.check.max_age,
                    defaults.check.max_age,
                    (DAY..=3653 * DAY, "1day to 10years"),
                )?,
                code: match raw.check.code {
                    Some(folders) => read.code(folders)?,
                    None => defaults.check.code,
                },
            },
        })
    }
}

const DAY: Duration = Duration::from_hours(24);

/// Turns the raw values of the file into settings, and knows the file's name for errors.
pub(super) struct Reader<'a> {
    pub(super) file: &'a Path,
    /// The scheme of the releases in the file.
    pub(super) scheme: Scheme,
}

fn scheme(file: &Path, raw: Option<Spanned<String>>) -> Result<Scheme, SettingsError> {
    let Some(Spanned { value: text, referenced, .. }) = raw else { return Ok(Scheme::default()) };
    let named = Scheme::ALL.into_iter().find(|scheme| scheme.name() == text);
    named.ok_or_else(|| SettingsError::Scheme { location: Location::at(file, referenced), text })
}

impl Reader<'_> {
    pub(super) fn duration(
        &self,
        key: &'static str,
        raw: Option<Spanned<String>>,
        default: Duration,
        (bounds, words): (RangeInclusive<Duration>, &'static str),
    ) -> Result<Duration, SettingsError> {
        let Some(Spanned { value: text, referenced, .. }) = raw else {
            return Ok(default);
        };
        let location = Location::at(self.file, referenced);
        match humantime::parse_duration(&text) {
            Ok(duration) if bounds.contains(&duration) => Ok(duration),
            Ok(_) => Err(SettingsError::Bounds { location, key, text, bounds: words }),
            Err(source) => Err(SettingsError::Duration { location, key, text, source }),
        }
    }

    fn app(&self, raw: &Spanned<String>) -> Result<AppName, SettingsError> {
        let location = Location::at(self.file, raw.referenced);
        raw.value.parse().map_err(|source| SettingsError::App { location, source })
    }

    fn release(&self, key: &'static str, raw: Spanned<String>) -> Result<Release, SettingsError> {
        let Spanned { value: text, referenced, .. } = raw;
        let location = Location::at(self.file, referenced);
        match self.scheme.read(&text) {
            Ok(release) if release.is_pre_release() => {
                Err(SettingsError::PreRelease { location, key, release })
            }
            Ok(release) => Ok(release),
            Err(source) => Err(SettingsError::Release { location, key, text, source }),
        }
    }

    fn stops(&self, raw: Vec<Spanned<String>>) -> Result<Vec<Release>, SettingsError> {
        let key = "required_stops";
        let mut stops = Vec::with_capacity(raw.len());
        for raw in raw {
            let location = Location::at(self.file, raw.referenced);
            let release = self.release(key, raw)?;
            if stops.contains(&release) {
                return Err(SettingsError::Twice { location, key, release });
            }
            stops.push(release);
        }
        stops.sort();
        Ok(stops)
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
            "app: web-shop\n\
             folders: { unreleased: db/next, releases: db/releases, templates: db/templates }\n\
             lock: { timeout: 200ms, patience: 5m }\n\
             backfill: { batch_size: 500, target_batch_time: 5ms, pause: 10ms, workers: 4, \
             max_replica_lag: 2s, health_query: SELECT true }\n\
             acknowledgement_patience: 1m 30s\n\
             required_stops: [10.0.0, 9.0.0]\n\
             minimum_version: 8.17.0\n\
             upgrade_budget: 2h\n\
             allow: [trigger:users.touch, 'function:public.report(integer, text)']\n\
             rehearse: { prepare: db/base.sql }\n\
             check: { max_age: 30days, code: [src, crates/web, .] }\n",
        )
        .unwrap();
        assert_eq!(settings.app, "web-shop".parse().ok());
        assert_eq!(settings.folders.releases, Path::new("db/releases"));
        assert_eq!(settings.lock.timeout, Duration::from_millis(200));
        assert_eq!(settings.lock.patience, Duration::from_mins(5));
        assert_eq!(settings.backfill.batch_size, 500);
        assert_eq!(settings.backfill.target_batch_time, Duration::from_millis(5));
        assert_eq!(settings.backfill.pause, Duration::from_millis(10));
        assert_eq!(settings.backfill.workers, 4);
        assert_eq!(settings.backfill.max_replica_lag, Some(Duration::from_secs(2)));
        assert_eq!(settings.backfill.health_query.as_deref(), Some("SELECT true"));
        assert_eq!(settings.acknowledgement_patience, Duration::from_secs(90));
        // As versions: as text, 10.0.0 would come first.
        assert_eq!(settings.required_stops, [Release::new(9, 0, 0), Release::new(10, 0, 0)]);
        assert_eq!(settings.minimum_version, Some(Release::new(8, 17, 0)));
        assert_eq!(settings.upgrade_budget, Duration::from_hours(2));
        let allowed = ["trigger:users.touch", "function:public.report(integer, text)"];
        assert_eq!(settings.allow, allowed);
        assert_eq!(settings.prepare.as_deref(), Some(Path::new("db/base.sql")));
        assert_eq!(settings.check.max_age, 30 * DAY);
        assert_eq!(settings.check.code, ["src", "crates/web", "."].map(PathBuf::from));
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
            "backfill: { target_batch_time: 0ms }",
            "backfill: { workers: 0 }",
            "backfill: { workers: 17 }",
            "backfill: { max_replica_lag: 0s }",
            "backfill: { health_query: ' ' }",
            "lock: 3",
            "folders: { releases: /etc }",
            "folders: { releases: ../x }",
            "folders: { releases: '' }",
            "folders: { releases: unreleased/x }",
            "check: { code: src }",
            "check: { code: [/etc] }",
            "check: { code: [src, ../x] }",
            "check: { code: [''] }",
            "check: { max_age: 1h }",
            "check: { colour: red }",
            "required_stops: 9.0.0",
            "required_stops: [9.0.0, 9.1]",
            "required_stops:\n  - 9.0.0\n  - 9.0.0+build",
            "required_stops: [9.0.0-rc.1]",
            "required_stops:\n  - 9.0.0\n  - 8.0.0\n  - 9.0.0",
            "minimum_version: nine",
            "minimum_version: 9.0.0-rc.1",
            "minimum_version: [9.0.0]",
            "upgrade_budget: 0s",
            "app: a/b",
            "release: { scheme: zerover }",
            "release: { scheme: calver }\nrequired_stops: [1234]",
            "upgrade_budget: lunch",
        ]
        .into_iter()
        .map(|text| parse(text).unwrap_err())
        .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        handover.yml:1:18: the value `2h` of `lock.timeout` is not within 1ms to 60s
        handover.yml:1:18: the value `soon` of `lock.timeout` is not a duration such as `50ms` or `15s`
        handover.yml:1:18: the value `15` of `lock.timeout` is not a duration such as `50ms` or `15s`
        handover.yml:2:1: key `lock` is given twice
        handover.yml:1:1: unknown field `lokc`, expected one of app, folders, lock, backfill, release, acknowledgement_patience, required_stops, minimum_version, upgrade_budget, allow, rehearse, check
        handover.yml:1:25: the value `0` of `backfill.batch_size` is not within 1 to 1000000
        handover.yml:1:25: the value `1000001` of `backfill.batch_size` is not within 1 to 1000000
        handover.yml:1:25: this must be a whole number, not negative
        handover.yml:2:10: the value `2h` of `backfill.pause` is not within 0ms to 1h
        handover.yml:1:32: the value `0ms` of `backfill.target_batch_time` is not within 1ms to 60s
        handover.yml:1:22: the value `0` of `backfill.workers` is not within 1 to 16
        handover.yml:1:22: the value `17` of `backfill.workers` is not within 1 to 16
        handover.yml:1:30: the value `0s` of `backfill.max_replica_lag` is not within 1ms to 1day
        handover.yml:1:27: the value of `backfill.health_query` is empty
        handover.yml:1:7: expected mapping start
        handover.yml:1:22: the value `/etc` of `folders.releases` is not a separate folder inside the project
        handover.yml:1:22: the value `../x` of `folders.releases` is not a separate folder inside the project
        handover.yml:1:22: the value `` of `folders.releases` is not a separate folder inside the project
        handover.yml:1:22: the value `unreleased/x` of `folders.releases` is not a separate folder inside the project
        handover.yml:1:16: expected sequence start
        handover.yml:1:17: the value `/etc` of `check.code` is not a folder inside the project
        handover.yml:1:22: the value `../x` of `check.code` is not a folder inside the project
        handover.yml:1:17: the value `` of `check.code` is not a folder inside the project
        handover.yml:1:19: the value `1h` of `check.max_age` is not within 1day to 10years
        handover.yml:1:10: unknown field `colour`, expected one of max_age, code
        handover.yml:1:17: expected sequence start
        handover.yml:1:25: the value `9.1` of `required_stops` is not a valid release: `9.1` is not a version of the form `9.0.0`
        handover.yml:3:5: the value `9.0.0+build` of `required_stops` is not a valid release: `9.0.0+build` has build metadata, which does not order releases
        handover.yml:1:18: the value `9.0.0-rc.1` of `required_stops` is a pre-release; write `9.0.0`
        handover.yml:4:5: `9.0.0` is in `required_stops` twice
        handover.yml:1:18: the value `nine` of `minimum_version` is not a valid release: `nine` is not a version of the form `9.0.0`
        handover.yml:1:18: the value `9.0.0-rc.1` of `minimum_version` is a pre-release; write `9.0.0`
        handover.yml:1:18: expected string scalar
        handover.yml:1:17: the value `0s` of `upgrade_budget` is not within 1s to 30days
        handover.yml:1:6: the value of `app` is not valid: `a/b` is not a valid name of an app: it needs 1 to 40 letters, digits, `-`, `_` or `.`, the first one a letter or a digit
        handover.yml:1:20: the value `zerover` of `release.scheme` is not one of `semver`, `calver`, `sequence`
        handover.yml:2:18: the value `1234` of `required_stops` is not a valid release: `1234` is not a version of the form `2026.11.29` or `2026.11.29.2`
        handover.yml:1:17: the value `lunch` of `upgrade_budget` is not a duration such as `50ms` or `15s`
        ");
    }
}
