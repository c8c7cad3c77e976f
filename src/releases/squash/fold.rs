//! Plans a squash: the migrations up to a required stop go into the schema dump.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::SquashError;
use crate::manifest::{DatabaseKind, SchemaDump, Settings};
use crate::model::{Release, Stage};
use crate::releases::project::read;
use crate::releases::{ChangeSet, FileKind, Migration, MigrationFile, Releases, read_dump, stops};

/// The plan that folds the migrations up to a required stop into the schema dump.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Squash {
    /// The files to change, together; empty if the squash has been done.
    pub changes: ChangeSet,
    /// How many migrations are folded.
    pub folded: usize,
    /// The schema dumps that contain them.
    pub dumps: Vec<PathBuf>,
    /// Rust functions that are folded: they have no file, so the app has to stop registering them.
    pub functions: Vec<String>,
}

impl Squash {
    /// Checks that everything up to `to` can be folded, and returns the changes that do it.
    ///
    /// A database of an older release then has to stop at `to`, whose own files still have the
    /// folded migrations; new databases are loaded from the dumps. So `to` has to be a required
    /// stop, no change may be under way there, and each dump has to contain the folded migrations.
    ///
    /// # Errors
    /// One of these conditions does not hold.
    pub fn plan(
        root: &Path,
        releases: &Releases,
        settings: &Settings,
        to: &Release,
    ) -> Result<Self, SquashError> {
        let to = &to.gating();
        let migrations = releases.load(&|_| None)?;
        if let Some(minimum) = settings.minimum_version.as_ref().filter(|minimum| to < *minimum) {
            return Err(SquashError::Earlier { to: to.clone(), minimum: minimum.clone() });
        }
        let behind = |release: &Option<Release>| {
            release.as_ref().is_some_and(|release| to.has_reached(release))
        };
        let (functions, gone): (Vec<&MigrationFile>, Vec<&MigrationFile>) = releases
            .files()
            .iter()
            .filter(|file| behind(&file.release))
            .partition(|file| matches!(file.kind, FileKind::Rust(_)));
        let folded: Vec<&Migration> =
            migrations.iter().filter(|migration| behind(&migration.release)).collect();
        if gone.is_empty() && settings.minimum_version.as_ref() == Some(to) {
            return Ok(Self::default());
        }
        finished(&migrations, to)?;
        let is_stop = |stop: &crate::releases::Stop| stop.release == *to;
        if !stops(&migrations, &settings.required_stops).iter().any(is_stop) {
            return Err(SquashError::NoStop { to: to.clone() });
        }
        let dumps = contained(root, &folded, to)?;
        let mut changes = ChangeSet {
            removals: gone.iter().map(|file| file.path.clone()).collect(),
            ..ChangeSet::default()
        };
        let file = PathBuf::from("handover.yml");
        let text = read(root, &file)?;
        let edited =
            Settings::with_minimum_version(&file, text.as_deref().unwrap_or_default(), to)?;
        let edited = edited.ok_or_else(|| SquashError::Layout { to: to.clone() })?;
        match text {
            None => changes.creates.push((file, edited)),
            Some(text) if text == edited => {}
            Some(_) => changes.replaces.push((file, edited)),
        }
        let functions = functions.iter().map(|file| file.slug.clone()).collect();
        Ok(Self { changes, folded: folded.len(), dumps, functions })
    }

    /// Makes the changes, all or none, and removes folders that have become empty.
    ///
    /// # Errors
    /// A file cannot be written; then nothing has changed.
    pub fn apply(&self, root: &Path) -> Result<(), SquashError> {
        self.changes.apply(root)?;
        let folders: BTreeSet<&Path> =
            self.changes.removals.iter().filter_map(|path| path.parent()).collect();
        for folder in folders {
            // A folder with something else in it stays.
            let _ = fs::remove_dir(root.join(folder));
        }
        Ok(())
    }
}

/// Checks that no change that begins at or before `to` goes on after it.
fn finished(migrations: &[Migration], to: &Release) -> Result<(), SquashError> {
    let mut changes: BTreeMap<&str, (Option<&Release>, Option<&Release>)> = BTreeMap::new();
    for migration in migrations {
        let Some(release) = &migration.release else { continue };
        match migration.stage() {
            Some(Stage::Expand) => changes.entry(&migration.slug).or_default().0 = Some(release),
            // They come in order, so that the last one counts.
            Some(Stage::Contract | Stage::Purge) => {
                changes.entry(&migration.slug).or_default().1 = Some(release);
            }
            Some(Stage::Backfill) | None => {}
        }
    }
    for (change, (begin, contract)) in changes {
        let Some(begin) = begin.filter(|begin| to.has_reached(begin)) else { continue };
        if !contract.is_some_and(|contract| to.has_reached(contract)) {
            return Err(SquashError::Unfinished {
                to: to.clone(),
                change: change.to_owned(),
                begin: begin.clone(),
                contract: contract.cloned(),
            });
        }
    }
    Ok(())
}

/// Reads the project's dumps, and checks that each contains the migrations.
fn contained(
    root: &Path,
    migrations: &[&Migration],
    to: &Release,
) -> Result<Vec<PathBuf>, SquashError> {
    let files: Vec<PathBuf> = DatabaseKind::ALL
        .into_iter()
        .map(|kind| PathBuf::from(kind.dump_file()))
        .filter(|file| fs::symlink_metadata(root.join(file)).is_ok())
        .collect();
    if files.is_empty() {
        return Err(SquashError::NoDump { to: to.clone() });
    }
    for file in &files {
        contains(file, &read_dump(root, file)?, migrations, to)?;
    }
    Ok(files)
}

fn contains(
    file: &Path,
    dump: &SchemaDump,
    migrations: &[&Migration],
    to: &Release,
) -> Result<(), SquashError> {
    if !dump.release.as_ref().is_some_and(|at| at.has_reached(to)) {
        return Err(SquashError::Early {
            file: file.to_owned(),
            at: dump.release.clone(),
            to: to.clone(),
        });
    }
    let dumped: HashMap<u64, &str> =
        dump.migrations.iter().map(|dumped| (dumped.id, dumped.checksum.as_str())).collect();
    for migration in migrations {
        let migration_file = || migration.path.clone();
        match dumped.get(&migration.id) {
            None => {
                return Err(SquashError::Lacks {
                    file: file.to_owned(),
                    migration: migration_file(),
                    to: to.clone(),
                });
            }
            Some(checksum) if *checksum != migration.checksum.as_str() => {
                return Err(SquashError::Edited {
                    file: file.to_owned(),
                    migration: migration_file(),
                });
            }
            Some(_) => {}
        }
    }
    Ok(())
}
