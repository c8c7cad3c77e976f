//! The project that a change is generated for: its free ids, and the folders of its releases.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Templates;
use crate::manifest::Folders;
use crate::model::Release;
use crate::releases::{Migration, folder_of};

/// The project that a change is generated for.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Its folders.
    pub folders: &'a Folders,
    /// Its migrations, all of them parsed: `releases.load(&|_| None)`.
    pub migrations: &'a [Migration],
    /// Every id that is in use, including those of slots: `releases.ids()`.
    pub ids: &'a HashSet<u64>,
    /// Its templates.
    pub templates: &'a Templates,
}

impl Context<'_> {
    /// The first id from `now` on that begins `count` free ids in a row.
    pub(super) fn free_id(&self, now: u64, count: usize) -> u64 {
        let mut id = now;
        while let Some(taken) = (0..u64::try_from(count).unwrap_or(u64::MAX))
            .rev()
            .map(|step| id.saturating_add(step))
            .find(|id| self.ids.contains(id))
        {
            id = taken.saturating_add(1);
        }
        id
    }

    /// The folder of a release; without a release, the folder of unreleased migrations.
    pub(super) fn folder(&self, release: Option<&Release>) -> PathBuf {
        let paths = self.migrations.iter().map(|own| (own.release.as_ref(), own.path.as_path()));
        match release {
            Some(release) => folder_of(release, paths, self.folders),
            None => self.folders.unreleased.clone(),
        }
    }
}
