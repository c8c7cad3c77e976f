//! The steps of an upgrade from one release to another.

use crate::model::{Deploy, Release};
use crate::releases::{Migration, Stop};

/// One step of an upgrade: a release that is rolled out, with the migrations that it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg<'a> {
    /// The release, and the reasons why the upgrade goes through it.
    pub stop: Stop,
    /// The migrations that run in it, in running order; empty if only the code is replaced.
    pub migrations: Vec<&'a Migration>,
}

/// One action of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Run the pre-deploy migrations.
    MigratePre,
    /// Replace the code and restart every process.
    RollOut,
    /// Run the post-deploy migrations, when every process runs the release.
    MigratePost,
}

impl Action {
    /// The command to type; `None` for an action outside of handover.
    #[must_use]
    pub const fn command(self) -> Option<&'static str> {
        match self {
            Self::MigratePre => Some("handover db migrate --pre"),
            Self::RollOut => None,
            Self::MigratePost => Some("handover db migrate --post --wait 10m"),
        }
    }
}

impl Leg<'_> {
    /// The actions of this leg, in order.
    #[must_use]
    pub fn actions(&self) -> Vec<Action> {
        let has = |deploy| self.migrations.iter().any(|migration| migration.deploy == deploy);
        let mut actions = Vec::with_capacity(3);
        if has(Deploy::Pre) {
            actions.push(Action::MigratePre);
        }
        actions.push(Action::RollOut);
        if has(Deploy::Post) {
            actions.push(Action::MigratePost);
        }
        actions
    }
}

/// Splits an upgrade along a path into legs, for a database that is completely at `from` (`None`:
/// before the first migration).
#[must_use]
pub fn upgrade<'a>(
    migrations: &'a [Migration],
    from: Option<&Release>,
    path: Vec<Stop>,
) -> Vec<Leg<'a>> {
    let mut ahead: Vec<(Release, &Migration)> = migrations
        .iter()
        .filter_map(|migration| Some((migration.release.as_ref()?.gating(), migration)))
        .filter(|(release, _)| from.is_none_or(|from| from.gating() < *release))
        .collect();
    // The migrations are sorted already, except for pre-releases.
    ahead.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut ahead = ahead.into_iter().peekable();
    path.into_iter()
        .map(|stop| {
            let at = stop.release.gating();
            let mut migrations = Vec::new();
            while let Some((_, migration)) = ahead.next_if(|(release, _)| *release <= at) {
                migrations.push(migration);
            }
            sort(&mut migrations);
            Leg { stop, migrations }
        })
        .collect()
}

/// Sorts the migrations of a leg into the order in which its commands run them.
pub(super) fn sort(migrations: &mut [&Migration]) {
    migrations.sort_by_cached_key(|migration| {
        let release = migration.release.clone();
        (migration.deploy, release.is_none(), release, migration.rank(), migration.id)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Settings;
    use crate::releases::path;
    use crate::releases::sample::{release, rename, sql};

    #[test]
    fn each_leg_has_what_it_runs() {
        let mut migrations = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        migrations.push(sql(20, "more", "9.0.2"));
        let go = |from: &str, to: &str| -> Vec<(String, Vec<u64>, usize)> {
            let (from, to) = (release(from).unwrap(), release(to).unwrap());
            let path = path(&migrations, &Settings::default(), &from, &to).unwrap();
            upgrade(&migrations, Some(&from), path)
                .iter()
                .map(|leg| {
                    let ids = leg.migrations.iter().map(|migration| migration.id).collect();
                    (leg.stop.release.to_string(), ids, leg.actions().len())
                })
                .collect()
        };
        let at = |release: &str, ids: &[u64], actions| (release.to_owned(), ids.to_vec(), actions);
        assert_eq!(go("8.17.0", "9.1.0"), [at("9.0.0", &[10, 11], 3), at("9.1.0", &[20, 12], 3)]);
        assert_eq!(go("9.0.0", "9.0.1"), [at("9.0.1", &[12], 2)]);
        assert_eq!(go("9.0.1", "9.0.2-rc.1"), [at("9.0.2-rc.1", &[20], 2)]);
        assert_eq!(go("9.0.2", "9.1.0"), [at("9.1.0", &[], 1)]);
    }
}
