//! No unreleased migration was made in the future, long ago, or before the last required stop.

use std::path::Path;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::rule::{BEFORE_STOP, FUTURE_TIMESTAMP, OLD_TIMESTAMP};
use super::{Checks, Finding};
use crate::model::Release;
use crate::releases::Migration;

/// How far in the future an id may be: clocks differ, and ids made within one second count on.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Checks that no unreleased migration was made in the future, long ago, or before the last
/// required stop. Ids that are not a time are skipped.
pub(super) fn findings(migrations: &[Migration], checks: &Checks<'_>) -> Vec<Finding> {
    let Some(now) = time(checks.now) else { return Vec::new() };
    let max_age =
        SignedDuration::try_from(checks.settings.check.max_age).unwrap_or(SignedDuration::MAX);
    let stop = last_stop(migrations, checks);
    let mut findings = Vec::new();
    for migration in migrations.iter().filter(|migration| checks.is_open(migration)) {
        let path = &migration.path;
        let anew = || format!("generate `{}` again, or give it an id of today", path.display());
        if let Some(made) = time(migration.id) {
            let age = now.duration_since(made);
            if age < -AHEAD {
                let message = format!("`{}` was made in the future: {made}", path.display());
                findings.push(Finding::new(FUTURE_TIMESTAMP, path, message, anew()));
            } else if age > max_age && migration.release.is_none() {
                let days = age.as_hours() / 24;
                let message = format!(
                    "`{}` is {days} days old and in no release: the schema that it was made for \
                     may have changed",
                    path.display()
                );
                findings.push(Finding::new(OLD_TIMESTAMP, path, message, anew()));
            }
        }
        if let Some((release, last, file)) = &stop
            && migration.id < *last
            && migration.release.as_ref() != Some(release)
        {
            let message = format!(
                "`{}` was made before `{}` of {release}, which no upgrade skips",
                path.display(),
                file.display()
            );
            findings.push(Finding::new(BEFORE_STOP, path, message, anew()));
        }
    }
    findings
}

/// The last required stop that the code has reached, with the largest id that it has.
fn last_stop<'a>(
    migrations: &'a [Migration],
    checks: &'a Checks<'_>,
) -> Option<(&'a Release, u64, &'a Path)> {
    let reached = |stop: &&Release| checks.version.is_none_or(|version| version.has_reached(stop));
    let stop = checks.settings.required_stops.iter().filter(reached).max()?;
    let of_stop = |release: &Release| release.gating() == stop.gating();
    let last = migrations
        .iter()
        .filter(|migration| migration.release.as_ref().is_some_and(of_stop))
        .max_by_key(|migration| migration.id)?;
    Some((stop, last.id, &last.path))
}

/// Parses an id of 14 digits as a time. Ids made within one second count on, so the seconds may
/// exceed 59.
fn time(id: u64) -> Option<DateTime> {
    let part = |divisor: u64, modulus: u64| i8::try_from(id / divisor % modulus).ok();
    let year = i16::try_from(id / 10_000_000_000).ok().filter(|year| *year >= 1000)?;
    let clamped = |divisor, most| part(divisor, 100).map(|value| value.min(most));
    let (hour, minute, second) = (clamped(10_000, 23)?, clamped(100, 59)?, clamped(1, 59)?);
    let (month, day) = (part(100_000_000, 100)?, part(1_000_000, 100)?);
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Settings;
    use crate::releases::check::rules::sample::checks;
    use crate::releases::sample::sql;

    #[test]
    fn only_a_time_is_a_time() {
        for id in [0, 7, 20_261_301_000_000, 20_260_230_000_000, 99_999_999_999_999_999] {
            assert_eq!(time(id), None, "{id}");
        }
        let late = time(20_261_121_095_960).unwrap();
        assert_eq!(late.to_string(), "2026-11-21T09:59:59");
    }

    #[test]
    fn what_is_in_no_release_is_of_now() {
        for (id, at, target, expect) in [
            (20_261_121_120_000, "", "", &[][..]),
            (20_261_121_125_900, "", "", &[]),
            (20_261_121_130_100, "", "", &["future-timestamp"]),
            (20_261_031_120_001, "", "", &[]),
            (20_261_031_115_959, "", "", &["old-timestamp"]),
            (19_990_101_000_000, "", "", &["old-timestamp"]),
            (7, "", "", &[]),
            // A released migration cannot be changed any more.
            (20_300_101_000_000, "9.1.0", "", &[]),
            (20_300_101_000_000, "9.1.0", "9.1.0", &["future-timestamp"]),
            (20_200_101_000_000, "9.1.0", "9.1.0", &[]),
        ] {
            let target = crate::releases::sample::release(target);
            let settings = Settings::default();
            let checks = Checks { target: target.as_ref(), ..checks(&settings) };
            let findings = findings(&[sql(id, "x", at)], &checks);
            let codes: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
            assert_eq!(codes, expect, "{id} {at}");
        }
    }

    #[test]
    fn what_is_in_no_release_comes_after_the_last_stop() {
        let required_stops = vec![Release::new(9, 0, 0), Release::new(10, 0, 0)];
        let settings = Settings { required_stops, ..Settings::default() };
        let version = Release::new(9, 1, 0);
        let checks = Checks { version: Some(&version), ..checks(&settings) };
        let migrations = |id| [sql(5, "a", "9.0.0"), sql(9, "b", "10.0.0"), sql(id, "c", "")];
        assert_eq!(findings(&migrations(6), &checks), []);
        let findings = findings(&migrations(4), &checks);
        assert_eq!(findings[0].rule, BEFORE_STOP);
        assert!(findings[0].message.ends_with("of 9.0.0, which no upgrade skips"), "{findings:?}");
    }
}
