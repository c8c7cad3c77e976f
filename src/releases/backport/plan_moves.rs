//! Plans a backport: which files move where, and which slots they take.

use std::path::PathBuf;

use super::choose::Choice;
use super::dependencies;
use super::{BackportError, BackportRequest};
use crate::manifest::{Folders, Taken};
use crate::model::Release;
use crate::releases::{ChangeSet, Migration, Releases, check, file_name};

/// A planned backport; nothing has been written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backport {
    /// The migrations that move, in running order; empty if all of them are there already.
    pub moved: Vec<Moved>,
    /// The changes to the files.
    pub changes: ChangeSet,
}

/// A migration that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its id.
    pub id: u64,
    /// Its file before.
    pub from: PathBuf,
    /// Its file afterwards.
    pub to: PathBuf,
    /// The slot of the newer line that it takes; `None` if it stays in that line.
    pub slot: Option<PathBuf>,
}

impl Releases {
    /// Plans the move of migrations to an older line, with their ids and bytes, and the slots of the
    /// newer line that they take: those of the earliest release after the target that has slots.
    ///
    /// # Errors
    /// The files are not in order, or the migration cannot move there: see [`BackportError`].
    pub fn backport(
        &self,
        folders: &Folders,
        request: &BackportRequest,
    ) -> Result<Backport, BackportError> {
        let mut migrations = self.load(&|_| None)?;
        let mut slots = self.slots()?;
        let choice = Choice::new(self, &migrations, request)?;
        let moving = choice.moving(&slots)?;
        if moving.is_empty() {
            return Ok(Backport { moved: Vec::new(), changes: ChangeSet::default() });
        }
        dependencies::check(&moving, &migrations, &request.to)?;

        let newer = slots.iter().map(|(_, slot)| &slot.release);
        let newer = newer.filter(|release| release.gating() > request.to.gating()).min().cloned();
        let Some(newer) = newer else {
            return Err(BackportError::NoSlots { to: request.to.clone() });
        };
        let (mut moved, mut changes) = (Vec::new(), ChangeSet::default());
        let targets: Vec<(&Migration, Release)> =
            moving.iter().map(|(migration, to)| (*migration, to.clone())).collect();
        let needed = targets.iter().filter(|(_, to)| to.gating() < newer.gating()).count();
        let free: Vec<usize> = slots
            .iter()
            .enumerate()
            .filter(|(_, (_, slot))| slot.release == newer && slot.taken_by.is_none())
            .map(|(at, _)| at)
            .collect();
        if free.len() < needed {
            return Err(BackportError::SlotsTaken { release: newer, needed, free: free.len() });
        }
        let mut free = free.into_iter();
        for (migration, release) in targets {
            let kind = self.files.iter().find(|file| file.id == migration.id).map(|file| file.kind);
            let Some(kind) = kind else { continue };
            let name = file_name(migration.id, &migration.slug, kind);
            let to = self.folder(&release, folders).join(name);
            let taken = if release.gating() < newer.gating() { free.next() } else { None };
            let slot = taken.and_then(|at| slots.get_mut(at)).map(|(path, slot)| {
                slot.taken_by = Some(Taken { migration: migration.id, release: release.clone() });
                changes.replaces.push((path.clone(), slot.render()));
                path.clone()
            });
            changes.moves.push((migration.path.clone(), to.clone()));
            moved.push((
                Moved { id: migration.id, from: migration.path.clone(), to, slot },
                release,
            ));
        }
        for (moved, release) in &moved {
            if let Some(migration) = migrations.iter_mut().find(|other| other.id == moved.id) {
                migration.path.clone_from(&moved.to);
                migration.release = Some(release.clone());
            }
        }
        let mut wrong = check::problems(&migrations);
        wrong.extend(check::slot_problems(&slots, &migrations));
        if let Some(source) = wrong.into_iter().next() {
            return Err(BackportError::Files { to: request.to.clone(), source: Box::new(source) });
        }
        let is_moved =
            |path: Option<&PathBuf>| moved.iter().any(|(moved, _)| Some(&moved.to) == path);
        let after = check::after_findings(&migrations).into_iter();
        if let Some(found) = after.into_iter().find(|found| is_moved(found.path.as_ref())) {
            return Err(BackportError::After { to: request.to.clone(), reason: found.message });
        }
        Ok(Backport { moved: moved.into_iter().map(|(moved, _)| moved).collect(), changes })
    }
}
