//! Nothing begins in a release after the next one.

use std::collections::HashSet;

use super::rule::AHEAD;
use super::{Checks, Finding};
use crate::model::{Deploy, Stage};
use crate::releases::Migration;

/// Checks that nothing begins in a release after the next one: code that is merged now runs with the
/// next release. Later releases may have what ends something: the later stages of a change that has
/// begun, and plain SQL that runs after a roll-out.
pub(super) fn findings(migrations: &[Migration], checks: &Checks<'_>) -> Vec<Finding> {
    let Some(target) = checks.target else { return Vec::new() };
    let later = |migration: &&Migration| {
        migration.release.as_ref().is_some_and(|release| !target.has_reached(release))
    };
    let begins = |migration: &Migration| match migration.stage() {
        Some(stage) => stage == Stage::Expand,
        None => migration.deploy == Deploy::Pre,
    };
    let ahead: Vec<_> = migrations.iter().filter(later).filter(|at| begins(at)).collect();
    let mut told = HashSet::new();
    ahead
        .into_iter()
        .filter(|migration| told.insert(migration.id))
        .map(|migration| {
            let path = &migration.path;
            let release = migration.release.as_ref().map(ToString::to_string).unwrap_or_default();
            let message = format!(
                "`{}` begins in {release}, but the next release is {target}, and code that is merged \
                 now runs with it",
                path.display()
            );
            let hint = format!(
                "move it to `unreleased/`, for the next cut, or merge it after {target} is cut"
            );
            Finding::new(AHEAD, path, message, hint)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Settings;
    use crate::model::Release;
    use crate::releases::check::rules::sample::checks;
    use crate::releases::sample::{rename, sql};

    #[test]
    fn nothing_begins_after_the_next_release() {
        let mut migrations = rename(10, "users.a", "b", ["9.0.0", "9.0.0", "9.0.1"]);
        migrations.extend(rename(20, "users.c", "d", ["9.1.0", "9.1.0", "9.1.1"]));
        migrations.extend(rename(30, "users.e", "f", ["", "", ""]));
        migrations.extend([sql(40, "x", "9.0.0"), sql(41, "y", "9.0.1")]);
        let mut after = sql(42, "z", "9.0.1");
        after.deploy = Deploy::Post;
        migrations.push(after);
        let ids = |target: Option<&Release>| {
            let settings = Settings::default();
            let checks = Checks { target, ..checks(&settings) };
            let findings = findings(&migrations, &checks);
            findings.into_iter().map(|finding| finding.path.unwrap()).collect::<Vec<_>>()
        };
        assert!(ids(None).is_empty());
        let found = ids(Some(&Release::new(9, 0, 0)));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(ids(Some(&Release::new(9, 1, 0))).is_empty());
    }
}
