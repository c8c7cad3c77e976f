//! Plans a cut: each unreleased file gets its release.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::CutError;
use crate::manifest::{Folders, Manifest, StageName};
use crate::model::{Course, Release, Stage};
use crate::releases::check::{TouchContext, touches};
use crate::releases::{ChangeSet, FileKind, Migration, MigrationFile, Releases, Severity};

/// A release to be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutRequest {
    /// The release.
    pub release: Release,
    /// The release of the contracts; by default the next release.
    pub contract_release: Option<Release>,
    /// The release of the purges; by default the next minor release after that of the contracts.
    pub keep_until: Option<Release>,
    /// The app's release, if it is known: a release that is out cannot be cut.
    pub version: Option<Release>,
}

/// A planned cut; nothing has been written yet.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// The files that move: from where, to where.
    pub changes: ChangeSet,
    /// The migrations as they are afterwards.
    pub releases: Releases,
    /// Contracts and purges that move on, because their expand has slipped into their release or a later one.
    pub slipped: Vec<PathBuf>,
}

impl Releases {
    /// Plans to put every unreleased migration into a release: expand, backfill and plain SQL into
    /// the release itself, contracts into the release after it, and purges into a later one. A contract
    /// in a release also moves there if its expand has slipped, so that it would no longer be in a later
    /// release; a purge likewise.
    ///
    /// A second cut of the same release changes nothing.
    ///
    /// # Errors
    /// The release is not later than all that were cut, it is cut already, there is nothing to cut,
    /// or the files would not fit together.
    pub fn cut(&self, folders: &Folders, request: &CutRequest) -> Result<Cut, CutError> {
        let release = &request.release;
        let contract = request.contract_release.clone().unwrap_or_else(|| release.gating().next());
        let purge = request.keep_until.clone().unwrap_or_else(|| contract.later());
        if purge.gating() <= contract.gating() {
            return Err(CutError::PurgeRelease { purge, contract });
        }
        let joins = contract.gating() == release.gating()
            && self
                .files
                .iter()
                .filter(|file| file.release.is_none())
                .filter(|file| file.kind.stage() == Some(Stage::Contract))
                .all(|file| course(file).is_some_and(|course| course.contract_may_join(release)));
        if contract.gating() <= release.gating() && !joins {
            let release = release.clone();
            return Err(CutError::ContractRelease { contract, release });
        }
        self.check_order(request)?;
        let begun: HashSet<&str> = self
            .files
            .iter()
            .filter(|file| file.kind.stage().is_some_and(|stage| !is_later(stage)))
            .filter(|file| file.release.as_ref().is_none_or(|at| at == release))
            .map(|file| file.slug.as_str())
            .collect();
        let has_slipped = |file: &MigrationFile| {
            let (at, cut) = (file.release.as_ref().map(Release::gating), release.gating());
            let is_early = |at: &Release| match file.kind.stage() {
                Some(Stage::Contract) => {
                    let comes_now = self
                        .files
                        .iter()
                        .any(|other| other.release.is_none() && other.slug == file.slug);
                    let stays = course(file).is_some_and(|course| {
                        course.contract_always_joins()
                            || course.contract_may_join(release) && !comes_now
                    });
                    *at < cut || *at == cut && !stays
                }
                Some(Stage::Purge) => *at <= cut,
                _ => false,
            };
            begun.contains(file.slug.as_str()) && at.is_some_and(|at| is_early(&at))
        };
        let waiting = self.files.iter().any(|file| file.release.is_none());
        let is_cut =
            self.files.iter().any(|file| opens(file) && file.release.as_ref() == Some(release));
        match (waiting, is_cut) {
            (false, true) if self.files.iter().any(has_slipped) => {}
            (false, true) => return Ok(Cut::default()),
            (true, true) => {
                let waiting = self.files.iter().filter(|file| file.release.is_none());
                let paths = waiting.map(|file| file.path.clone()).collect();
                return Err(CutError::Exists { release: release.clone(), paths });
            }
            (false, false) => return Err(CutError::Empty { release: release.clone() }),
            (true, false) => {}
        }
        let mut cut = Cut::default();
        let mut files = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let own = match file.kind.stage() {
                Some(Stage::Contract) => &contract,
                Some(Stage::Purge) => &purge,
                _ => release,
            };
            let to = match &file.release {
                None => own,
                Some(_) if has_slipped(file) => {
                    cut.slipped.push(file.path.clone());
                    own
                }
                Some(_) => {
                    files.push(file.clone());
                    continue;
                }
            };
            let moved = moved(file, &self.folder(to, folders), to);
            cut.changes.moves.push((file.path.clone(), moved.path.clone()));
            files.push(moved);
        }
        cut.releases = Self::sorted(files);
        let migrations = cut.releases.load(&|_| None).map_err(|source| CutError::Files {
            release: release.clone(),
            source: Box::new(source),
        })?;
        cut.check_touches(migrations, request)?;
        Ok(cut)
    }

    /// Checks that the release is not before one that was cut or is out.
    fn check_order(&self, request: &CutRequest) -> Result<(), CutError> {
        let release = &request.release;
        let cut =
            self.files.iter().filter(|file| opens(file)).filter_map(|file| file.release.as_ref());
        let latest = cut.chain(&request.version).max_by_key(|at| at.gating());
        match latest {
            Some(latest) if latest.gating() > release.gating() => {
                Err(CutError::Lower { release: release.clone(), latest: latest.clone() })
            }
            _ => Ok(()),
        }
    }
}

impl Cut {
    /// Checks that no moved file runs between the stages of a rename whose column it touches.
    fn check_touches(
        &self,
        mut migrations: Vec<Migration>,
        request: &CutRequest,
    ) -> Result<(), CutError> {
        // The findings give the paths that the files have now.
        let from: HashMap<&Path, &Path> =
            self.changes.moves.iter().map(|(from, to)| (to.as_path(), from.as_path())).collect();
        let mut moved = HashSet::new();
        for migration in &mut migrations {
            if let Some(from) = from.get(migration.path.as_path()) {
                migration.path = from.to_path_buf();
                moved.insert(migration.id);
            }
        }
        let context =
            TouchContext { next: Some(&request.release), reached: request.version.as_ref() };
        let mut findings = touches(&migrations, |at| moved.contains(&at.id), context);
        findings.retain(|finding| finding.rule.severity == Severity::Error);
        if findings.is_empty() {
            return Ok(());
        }
        Err(CutError::Touches { release: request.release.clone(), findings })
    }
}

/// The course of the change that a file is a stage of; `None` if its text is not valid.
fn course(file: &MigrationFile) -> Option<&'static Course> {
    let (stage, change) = (file.kind.stage()?, file.slug.parse().ok()?);
    let name = StageName { id: file.id, change, stage };
    Some(Manifest::parse(&file.path, &name, &file.text).ok()?.kind.course())
}

/// Returns true for a stage that is in a later release than the stages before it.
const fn is_later(stage: Stage) -> bool {
    matches!(stage, Stage::Contract | Stage::Purge)
}

/// Returns true if a file shows that its release has been cut. A contract does not, nor a purge: they
/// come there with the cut of an earlier release. Neither does a slot, which may never be taken.
fn opens(file: &MigrationFile) -> bool {
    match file.kind {
        FileKind::Slot | FileKind::Rust(_) => false,
        FileKind::Stage(stage) => !is_later(stage),
        FileKind::Sql(_) => true,
    }
}

fn moved(file: &MigrationFile, folder: &Path, to: &Release) -> MigrationFile {
    let name = file.path.file_name().map_or(file.path.as_path(), Path::new);
    MigrationFile { release: Some(to.clone()), path: folder.join(name), ..file.clone() }
}

#[cfg(test)]
mod tests;
