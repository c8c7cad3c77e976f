//! The folder of a release, which may be spelled in another way than the release: `v9.0.0` for 9.0.0,
//! `2026.01.05` for 2026.1.5.

use std::path::{Path, PathBuf};

use super::Releases;
use crate::manifest::Folders;
use crate::model::Release;

/// Returns the folder of a release: the one in which a file of that release is, or else a new one.
pub fn folder_of<'a>(
    release: &Release,
    mut files: impl Iterator<Item = (Option<&'a Release>, &'a Path)>,
    folders: &Folders,
) -> PathBuf {
    let there = files.find(|(own, _)| *own == Some(release)).and_then(|(_, path)| path.parent());
    there.map_or_else(|| folders.releases.join(release.to_string()), Path::to_owned)
}

impl Releases {
    /// Returns the folder of a release.
    pub(super) fn folder(&self, release: &Release, folders: &Folders) -> PathBuf {
        let files = self.files.iter().map(|file| (file.release.as_ref(), file.path.as_path()));
        folder_of(release, files, folders)
    }
}
