//! No migration is added to a release whose schema has been dumped.

use std::collections::{HashMap, HashSet};

use super::rule::LATE;
use super::{Checks, Finding};
use crate::manifest::Slot;
use crate::model::{Release, Stage};
use crate::releases::{FileKind, MigrationFile};

/// Checks that no migration was added to a release whose schema has been dumped: databases that
/// have passed that release, and new ones made from the dump, would run it after later migrations.
/// Two kinds are exempt: a change that was not finished is in no dump, and a migration that moved
/// to an older line has taken a slot.
pub(super) fn findings<'s>(
    files: &[MigrationFile],
    slots: impl Iterator<Item = &'s Slot>,
    checks: &Checks<'_>,
) -> Vec<Finding> {
    if checks.dumps.is_empty() {
        return Vec::new();
    }
    let moved: HashSet<u64> =
        slots.filter_map(|slot| slot.taken_by.as_ref()).map(|taken| taken.migration).collect();
    let ends: HashMap<&str, Option<&Release>> = files
        .iter()
        .filter(|file| file.kind == FileKind::Stage(Stage::Contract))
        .map(|file| (file.slug.as_str(), file.release.as_ref()))
        .collect();
    let over_by = |file: &MigrationFile, at: &Release| match file.kind {
        // What a purge deletes may be in a dump.
        FileKind::Stage(Stage::Purge) => file.release.as_ref().is_some_and(|end| end <= at),
        FileKind::Stage(_) => {
            ends.get(file.slug.as_str()).copied().flatten().is_some_and(|end| end <= at)
        }
        FileKind::Sql(_) => file.release.as_ref().is_some_and(|end| end <= at),
        FileKind::Rust(_) | FileKind::Slot => false,
    };
    let mut findings = Vec::new();
    let mut told = HashSet::new();
    for dump in checks.dumps {
        let Some(at) = &dump.release else { continue };
        let recorded: HashSet<u64> = dump.migrations.iter().map(|recorded| recorded.id).collect();
        for file in files {
            let known = recorded.contains(&file.id) || moved.contains(&file.id);
            if over_by(file, at) && !known && told.insert(file.id) {
                let message = format!(
                    "`{}` is not in `{}`, which was made at {at}: it was added to its release later",
                    file.path.display(),
                    dump.kind.dump_file()
                );
                let hint = "move it to `unreleased/`; or, if that release is not out yet, make \
                            the dump again with `handover db dump --scratch`"
                    .to_owned();
                findings.push(Finding::new(LATE, &file.path, message, hint));
            }
        }
    }
    findings
}
