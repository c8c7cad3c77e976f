//! The releases to go through on an upgrade.

use super::stops::Barriers;
use super::{Migration, Stop, Why};
use crate::manifest::Settings;
use crate::model::Release;

/// Why there is no way from one release to another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The goal is earlier than the start.
    #[error("{to} is earlier than {from}: that is not an upgrade")]
    Backwards {
        /// The release that the upgrade starts from.
        from: Release,
        /// The release that it should lead to.
        to: Release,
    },
    /// The migrations that a database of this release needs have been squashed.
    #[error(
        "{from} is too old: the migrations up to {minimum} were squashed, so a database has to be \
         at {minimum} or later"
    )]
    TooOld {
        /// The release that the upgrade starts from.
        from: Release,
        /// `minimum_version` in `handover.yml`.
        minimum: Release,
    },
    /// A declared stop is not valid.
    #[error(transparent)]
    Stop(#[from] StopError),
}

/// A problem with a stop that `handover.yml` declares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopError {
    /// The stop is before the first migrations: there was nothing to stop for yet.
    #[error("`required_stops` names {stop}, but the first migrations are of {first}")]
    BeforeAll {
        /// The stop.
        stop: Release,
        /// The first release with migrations.
        first: Release,
    },
    /// No migration is of that release. The release may still exist.
    #[error("`required_stops` names {stop}, which has no migrations")]
    NoMigrations {
        /// The stop.
        stop: Release,
    },
}

impl PathError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Backwards { from, to } => format!(
                "give the earlier release first: `handover release path --from {to} --to {from}`"
            ),
            Self::TooOld { minimum, .. } => format!(
                "upgrade to {minimum} first, with that release's own files: `handover db migrate` \
                 there"
            ),
            Self::Stop(error) => return error.hint(),
        })
    }
}

impl StopError {
    /// Returns true if the stop must be a mistake. Otherwise it may be right: a release without
    /// migrations has no folder, and may be a stop all the same.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        matches!(self, Self::BeforeAll { .. })
    }

    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::BeforeAll { .. } => {
                "correct `required_stops` in `handover.yml`, then run `handover check`".to_owned()
            }
            Self::NoMigrations { stop } => format!(
                "make sure that {stop} was released, or correct `required_stops` in `handover.yml`"
            ),
        })
    }
}

/// Returns the fewest releases to go through on an upgrade under traffic, in order. Each is rolled
/// out and migrated before the next; the last one is `to`. Empty if both are the same release.
///
/// `from` and `to` need not have migrations. Pre-releases count as their release.
///
/// # Errors
/// `to` is before `from`, `from` is older than `minimum_version`, or a declared stop
/// [is wrong](StopError::is_wrong).
pub fn path(
    migrations: &[Migration],
    settings: &Settings,
    from: &Release,
    to: &Release,
) -> Result<Vec<Stop>, PathError> {
    let (start, goal) = (from.gating(), to.gating());
    if goal < start {
        return Err(PathError::Backwards { from: from.clone(), to: to.clone() });
    }
    if let Some(minimum) = settings.minimum_version.as_ref().filter(|least| start < **least) {
        return Err(PathError::TooOld { from: from.clone(), minimum: minimum.clone() });
    }
    if let Some(wrong) = odd_stops(migrations, settings).into_iter().find(StopError::is_wrong) {
        return Err(wrong.into());
    }
    if start == goal {
        return Ok(Vec::new());
    }
    let barriers = Barriers::new(migrations, &settings.required_stops);
    let mut path = barriers.between(Some(&start), Some(&goal));
    path.push(Stop { release: to.clone(), why: vec![Why::Goal] });
    Ok(path)
}

/// Returns the declared stops that have no migrations, except those that were squashed.
#[must_use]
pub fn odd_stops(migrations: &[Migration], settings: &Settings) -> Vec<StopError> {
    let barriers = Barriers::new(migrations, &[]);
    let squashed = |stop: &Release| settings.minimum_version.as_ref().is_some_and(|at| stop <= at);
    settings
        .required_stops
        .iter()
        .filter(|stop| !squashed(stop) && !barriers.exists(stop))
        .map(|stop| match barriers.first() {
            Some(first) if stop < first => {
                StopError::BeforeAll { stop: stop.clone(), first: first.clone() }
            }
            _ => StopError::NoMigrations { stop: stop.clone() },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::releases::sample::{rename, sql};

    fn release(text: &str) -> Release {
        text.parse().unwrap()
    }

    fn say(
        migrations: &[Migration],
        settings: &Settings,
        from: &str,
        to: &str,
    ) -> Result<Vec<String>, String> {
        match path(migrations, settings, &release(from), &release(to)) {
            Ok(path) => Ok(path.iter().map(|stop| stop.release.to_string()).collect()),
            Err(error) => {
                assert!(error.hint().is_some());
                Err(error.to_string())
            }
        }
    }

    #[test]
    fn a_path_goes_through_what_must_not_be_skipped() {
        let users = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        let go = |from, to| say(&users, &Settings::default(), from, to).unwrap();
        assert_eq!(go("8.17.0", "9.0.0"), ["9.0.0"]);
        assert_eq!(go("8.17.0", "9.0.1"), ["9.0.0", "9.0.1"]);
        // A release without migrations has no folder, and can be gone to all the same.
        assert_eq!(go("8.16.0", "12.3.4"), ["9.0.0", "12.3.4"]);
        assert_eq!(go("9.0.0", "12.3.4"), ["12.3.4"]);
        assert_eq!(go("9.0.0-rc.1", "9.0.1"), ["9.0.1"]);
        assert!(go("9.0.0", "9.0.0").is_empty());
        assert!(go("9.0.0-rc.1", "9.0.0").is_empty());
    }

    #[test]
    fn what_is_no_way_is_an_error() {
        let migrations = [sql(1, "a", "9.0.0"), sql(2, "b", "10.0.0")];
        let with = |stops: &[&str], minimum: Option<&str>| Settings {
            required_stops: stops.iter().map(|stop| release(stop)).collect(),
            minimum_version: minimum.map(release),
            ..Settings::default()
        };
        let go = |settings: &Settings| say(&migrations, settings, "8.0.0", "10.0.0");
        assert_eq!(
            say(&migrations, &with(&[], None), "10.0.0", "9.0.0").unwrap_err(),
            "9.0.0 is earlier than 10.0.0: that is not an upgrade"
        );
        assert_eq!(
            go(&with(&[], Some("8.17.0"))).unwrap_err(),
            "8.0.0 is too old: the migrations up to 8.17.0 were squashed, so a database has to be \
             at 8.17.0 or later"
        );
        assert!(go(&with(&[], Some("8.0.0"))).is_ok());
        assert_eq!(
            go(&with(&["0.9.0"], None)).unwrap_err(),
            "`required_stops` names 0.9.0, but the first migrations are of 9.0.0"
        );
        // A stop that a squash has left behind is right, and a stop without migrations may be.
        let squashed = with(&["8.0.0", "9.5.0"], Some("8.0.0"));
        assert_eq!(go(&squashed).unwrap(), ["9.5.0", "10.0.0"]);
        let odd = odd_stops(&migrations, &squashed);
        assert_eq!(odd, [StopError::NoMigrations { stop: release("9.5.0") }]);
        assert!(!odd[0].is_wrong() && odd[0].hint().is_some());
    }

    /// Returns true if a step is allowed, straight from the definition.
    fn allowed(spans: &[(u64, u64)], declared: &[u64], from: u64, to: u64) -> bool {
        spans.iter().all(|&(begin, end)| !(from < begin && end <= to))
            && declared.iter().all(|&stop| !(from < stop && stop < to))
    }

    proptest! {
        #[test]
        fn a_path_jumps_over_nothing_and_none_is_shorter(
            spans in vec((1_u64..8, 1_u64..4), 0..6),
            plain in vec(1_u64..10, 0..3),
            declared in vec(1_u64..10, 0..3),
            from in 0_u64..10,
            length in 1_u64..10,
        ) {
            let to = from + length;
            let spans: Vec<_> = spans.iter().map(|(begin, length)| (*begin, begin + length)).collect();
            let at = |number: u64| format!("{number}.0.0");
            let mut migrations = Vec::new();
            for (number, &(begin, end)) in (1_u64..).zip(&spans) {
                let releases = [&*at(begin), &*at(begin), &*at(end)];
                migrations.extend(rename(10 * number, &format!("t{number}.x"), "y", releases));
            }
            for (number, &release) in (100..).zip(&plain) {
                migrations.push(sql(number, "plain", &at(release)));
            }
            let mut declared = declared;
            declared.sort_unstable();
            declared.dedup();
            let major = |number: u64| Release::new(number, 0, 0);
            let required = declared.iter().copied().map(major).collect::<Vec<_>>();
            let steps = Barriers::new(&migrations, &required)
                .between(Some(&major(from)), Some(&major(to)));
            let mut before = from;
            for step in &steps {
                let number = (0..20).find(|number| step.release == major(*number)).unwrap();
                prop_assert!(before < number && number < to);
                prop_assert!(allowed(&spans, &declared, before, number));
                let exists = declared.contains(&number)
                    || plain.contains(&number)
                    || spans.iter().any(|&(begin, end)| begin == number || end == number);
                prop_assert!(exists && !step.why.is_empty());
                before = number;
            }
            prop_assert!(allowed(&spans, &declared, before, to));
            // Every choice of releases in between, by brute force.
            let between: Vec<u64> = (from + 1..to).collect();
            let shortest = (0_u32..1 << between.len())
                .filter(|chosen| {
                    let chosen = between.iter().zip(0..).filter(|(_, bit)| chosen & (1 << bit) != 0);
                    let mut path: Vec<u64> = chosen.map(|(release, _)| *release).collect();
                    path.push(to);
                    let mut before = from;
                    path.iter().all(|&next| {
                        allowed(&spans, &declared, std::mem::replace(&mut before, next), next)
                    })
                })
                .map(u32::count_ones)
                .min();
            prop_assert_eq!(shortest, u32::try_from(steps.len()).ok());
        }
    }
}
