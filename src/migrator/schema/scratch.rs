//! Dumps the schema that the migrations of a release make in a scratch database.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::dump_schema;
use crate::database::{Access, Database, Scratch};
use crate::manifest::SchemaDump;
use crate::migrator::Silent;
use crate::migrator::error::{MigrateError, TrialError};
use crate::migrator::runner::Migrator;
use crate::migrator::trial::Course;
use crate::model::{Release, Stage};
use crate::releases::{MigrationFile, Releases};

/// Dumps the schema that the released migrations up to a release make in a scratch database, on the
/// server of the database at `beside`. A change that is not finished by then is left out as a whole,
/// and the dump is of the release before it: a database made from it runs the change like any other.
///
/// # Errors
/// The migrations do not run, or the database or its program fails.
pub async fn dump_from_scratch(
    course: &Course<'_>,
    beside: &str,
    release: &Release,
) -> Result<SchemaDump, MigrateError> {
    let all = course.releases;
    let releases = whole_changes(all, release);
    let course = Course { releases: &releases, ..*course };
    let scratch = Scratch::create(beside).await.map_err(TrialError::from)?;
    let made = make(&course, scratch.url()).await;
    scratch.close().await.map_err(TrialError::from)?;
    let mut dump = made?;
    dump.release = reached(all, &releases, release, dump.release.as_ref());
    Ok(dump)
}

async fn make(course: &Course<'_>, url: &str) -> Result<SchemaDump, MigrateError> {
    course.begin(url).await?;
    let on = async |_: &_, _: &_| Ok::<_, MigrateError>(ControlFlow::Continue(()));
    course.walk(url, on).await?;
    let database = Database::connect(url, Access::Read).await.map_err(TrialError::from)?;
    let migrator = Migrator {
        database: &database,
        releases: course.releases,
        settings: course.settings,
        app: course.app,
        observer: &Silent,
    };
    let dump = dump_schema(&migrator, url).await;
    database.close().await;
    dump
}

/// The migrations up to a release, without those of changes that end later or not at all.
fn whole_changes(releases: &Releases, release: &Release) -> Releases {
    let reached =
        |file: &MigrationFile| file.release.as_ref().is_some_and(|own| release.has_reached(own));
    let over: HashSet<String> = releases
        .files()
        .iter()
        .filter(|file| file.kind.stage() == Some(Stage::Contract) && reached(file))
        .map(|file| file.slug.clone())
        .collect();
    releases
        .only(|file| reached(file) && (file.kind.stage().is_none() || over.contains(&file.slug)))
}

/// The latest release whose migrations are all in the dump.
fn reached(
    all: &Releases,
    taken: &Releases,
    release: &Release,
    recorded: Option<&Release>,
) -> Option<Release> {
    let taken: HashSet<u64> = taken.files().iter().map(|file| file.id).collect();
    let own = |file: &MigrationFile| file.release.as_ref().map(Release::gating);
    let left = |file: &&MigrationFile| {
        !taken.contains(&file.id) && own(file).is_some_and(|own| release.has_reached(&own))
    };
    let Some(first) = all.files().iter().filter(left).filter_map(own).min() else {
        return Some(release.gating());
    };
    let before = all.files().iter().filter_map(own).filter(|own| *own < first).max();
    before.or_else(|| recorded.filter(|recorded| **recorded < first).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Folders;

    #[test]
    fn a_change_is_left_out_until_it_is_over() {
        let root = tempfile::tempdir().unwrap();
        for path in [
            "8.0.0/1_a.sql",
            "9.0.0/2_rename_b.expand.yml",
            "9.0.0/3_c.sql",
            "9.0.1/4_rename_b.contract.yml",
        ] {
            let path = root.path().join("release_migrations").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let all = Releases::discover(root.path(), &Folders::default()).unwrap();
        for (release, ids, at) in [
            ("7.0.0", &[][..], "7.0.0"),
            ("8.5.0", &[1], "8.5.0"),
            ("9.0.0", &[1, 3], "8.0.0"),
            ("9.0.1", &[1, 2, 3, 4], "9.0.1"),
        ] {
            let release: Release = release.parse().unwrap();
            let taken = whole_changes(&all, &release);
            assert_eq!(taken.files().iter().map(|file| file.id).collect::<Vec<_>>(), ids);
            let reached = reached(&all, &taken, &release, None);
            assert_eq!(reached.map(|at| at.to_string()).as_deref(), Some(at));
        }
    }
}
