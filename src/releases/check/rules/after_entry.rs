//! Each migration named in an `after` exists, and is done before.

use std::collections::HashMap;

use super::Finding;
use super::rule::{AFTER_UNFINISHED, AFTER_UNKNOWN};
use crate::model::{Deploy, Stage};
use crate::releases::Migration;

/// Checks that each migration named in an `after` exists, and is done by the time that the
/// migration runs: a change with its last stage before the contract, plain SQL by itself.
pub(in crate::releases) fn findings(migrations: &[Migration]) -> Vec<Finding> {
    if migrations.iter().all(|migration| migration.after.is_empty()) {
        return Vec::new();
    }
    // The last migration of each name; for a change, its last stage before the contract.
    let mut done: HashMap<&str, &Migration> = HashMap::new();
    for migration in migrations {
        if migration.stage() != Some(Stage::Contract) {
            done.insert(&migration.slug, migration);
        }
    }
    let mut findings = Vec::new();
    for migration in migrations {
        let path = &migration.path;
        for name in &migration.after {
            let Some(before) = done.get(name.as_str()) else {
                let message =
                    format!("`{}` has to run after `{name}`, which is not there", path.display());
                let hint = "correct `after`; if it is a Rust function, check with the app's own \
                            command"
                    .to_owned();
                findings.push(Finding::new(AFTER_UNKNOWN, path, message, hint));
                continue;
            };
            if !can_be_done(before, migration) {
                let message = format!(
                    "`{}` has to run after `{name}`, which is done later, by `{}`",
                    path.display(),
                    before.path.display()
                );
                let hint = format!(
                    "move `{}` to a release in which `{name}` is done before",
                    path.display()
                );
                findings.push(Finding::new(AFTER_UNFINISHED, path, message, hint));
            }
        }
    }
    findings
}

/// Returns true if `before` is done before the other, in the order in which releases are rolled out.
fn can_be_done(before: &Migration, migration: &Migration) -> bool {
    let in_one_release = match (&before.release, &migration.release) {
        (Some(_), None) => return true,
        (None, Some(_)) => return false,
        (Some(first), Some(second)) if first.gating() != second.gating() => {
            return first.gating() < second.gating();
        }
        _ => (before.deploy, migration.deploy),
    };
    before.id != migration.id && in_one_release != (Deploy::Post, Deploy::Pre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::sample::{rename, sql};

    #[test]
    fn what_has_to_be_done_before_can_be() {
        let name = "rename_users_a_to_b";
        for (at, deploy, after, expect) in [
            ("9.0.0", Deploy::Post, name, None),
            ("9.0.1", Deploy::Pre, name, None),
            ("", Deploy::Pre, name, None),
            ("9.0.0", Deploy::Pre, name, Some("after-unfinished")),
            ("8.0.0", Deploy::Post, name, Some("after-unfinished")),
            ("9.0.1", Deploy::Post, "x", Some("after-unfinished")),
            ("9.0.1", Deploy::Post, "rename_users_a_to_c", Some("after-unknown")),
        ] {
            let mut migrations = rename(10, "users.a", "b", ["9.0.0", "9.0.0", "9.0.1"]);
            let mut migration = sql(20, "x", at);
            migration.deploy = deploy;
            migration.after = vec![after.parse().unwrap()];
            migrations.push(migration);
            let findings = findings(&migrations);
            let codes: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
            assert_eq!(codes, Vec::from_iter(expect), "{at} {after}");
        }
    }
}
