//! The migrations that a backport moves.

use std::path::PathBuf;

use super::{BackportError, BackportRequest};
use crate::manifest::Slot;
use crate::model::{Release, Stage};
use crate::releases::{FileKind, Migration, Releases};

/// The migrations to move, each with the release that it moves to.
pub(super) struct Choice<'a> {
    chosen: Vec<(&'a Migration, Release)>,
}

impl<'a> Choice<'a> {
    pub(super) fn new(
        releases: &Releases,
        migrations: &'a [Migration],
        request: &BackportRequest,
    ) -> Result<Self, BackportError> {
        let BackportRequest { what, to, contract_release } = request;
        let contract = contract_release.clone().unwrap_or_else(|| to.next());
        if contract.gating() <= to.gating() {
            return Err(BackportError::ContractRelease { contract, to: to.clone() });
        }
        let unknown = || BackportError::Unknown { what: what.clone() };
        let id = what.parse::<u64>().ok();
        let slot = |id: u64| {
            let mut files = releases.files.iter();
            files.find(|file| file.id == id && file.kind == FileKind::Slot)
        };
        if let Some(file) = id.and_then(slot) {
            return Err(BackportError::Slot { path: file.path.clone() });
        }
        if let Some(migration) = migrations.iter().find(|other| Some(other.id) == id) {
            return match migration.stage() {
                Some(stage) => Err(BackportError::Alone {
                    change: migration.slug.clone(),
                    stage,
                    to: to.clone(),
                }),
                None => Ok(Self { chosen: vec![(migration, to.clone())] }),
            };
        }
        let chosen: Vec<_> = migrations
            .iter()
            .filter(|other| other.slug == *what)
            // What is kept aside may be kept for longer.
            .filter(|other| other.stage() != Some(Stage::Purge))
            .map(|migration| match migration.stage() {
                Some(Stage::Contract) => (migration, contract.clone()),
                _ => (migration, to.clone()),
            })
            .collect();
        match chosen.as_slice() {
            [] => Err(unknown()),
            [(first, _), (second, _), ..] if first.stage().is_none() => {
                Err(BackportError::Ambiguous {
                    name: what.clone(),
                    first: first.path.clone(),
                    second: second.path.clone(),
                })
            }
            _ => Ok(Self { chosen }),
        }
    }

    /// The moves that are left to do; empty if an earlier backport has done all of them.
    pub(super) fn moving(
        &self,
        slots: &[(PathBuf, Slot)],
    ) -> Result<Vec<(&'a Migration, Release)>, BackportError> {
        let later = |(migration, to): &&(&Migration, Release)| {
            migration.release.as_ref().is_none_or(|at| at.gating() > to.gating())
        };
        let moving: Vec<_> = self.chosen.iter().filter(later).cloned().collect();
        let was_moved = |migration: &Migration| {
            let mut taken = slots.iter().filter_map(|(_, slot)| slot.taken_by.as_ref());
            taken.any(|taken| taken.migration == migration.id)
        };
        let Some((first, to)) = self.chosen.first() else { return Ok(moving) };
        let stays = moving.iter().all(|(migration, _)| migration.stage() == Some(Stage::Contract));
        match &first.release {
            // If nothing but the contract would move, the change is there already, or was written
            // for that line.
            Some(at) if stays && !(at == to && was_moved(first)) => {
                Err(BackportError::NotEarlier {
                    path: first.path.clone(),
                    at: at.clone(),
                    to: to.clone(),
                })
            }
            Some(_) if stays => Ok(Vec::new()),
            _ => Ok(moving),
        }
    }
}
