//! Finds names in the code that it should no longer use.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::check::warnings;
use super::{Finding, ReleasesError, Words};
use crate::manifest::{CheckSettings, Settings};

/// The maximum length of a file, in bytes; code that people write is shorter.
const LIMIT: u64 = 1024 * 1024;

/// Finds names that the code should no longer use, in the folders of `check.code` below `root`.
/// Skips hidden files, files that `.gitignore` names, binary files, long ones and the migrations.
///
/// # Errors
/// A folder that the settings name is not there, or a folder cannot be read.
pub fn search_code(
    root: &Path,
    settings: &Settings,
    words: &Words,
) -> Result<Vec<Finding>, ReleasesError> {
    let mut found = Vec::new();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let folders = if settings.check.code == CheckSettings::default().code {
        packages(root, settings)?
    } else {
        settings.check.code.clone()
    };
    for folder in &folders {
        for path in files(root, folder, settings)? {
            let failed = |source| ReleasesError::Read { path: path.clone(), source };
            let bytes = fs::read(root.join(&path)).map_err(failed)?;
            if let Ok(text) = String::from_utf8(bytes) {
                found.extend(words.find(&path, &text));
            }
        }
    }
    Ok(warnings(found))
}

/// The folders with the code of all packages below `root`: `src` beside each `Cargo.toml`.
fn packages(root: &Path, settings: &Settings) -> Result<Vec<PathBuf>, ReleasesError> {
    let default = CheckSettings::default().code;
    let mut folders: Vec<PathBuf> = Vec::new();
    let manifests = files(root, Path::new("."), settings)?;
    let manifests = manifests.iter().filter(|file| file.ends_with("Cargo.toml"));
    let beside = manifests.filter_map(|file| file.parent().map(Path::to_path_buf));
    for package in std::iter::once(PathBuf::new()).chain(beside) {
        let code = default.iter().map(|folder| package.join(folder));
        folders.extend(code.filter(|folder| root.join(folder).is_dir()));
    }
    folders.sort();
    folders.dedup();
    Ok(folders)
}

/// The files below a folder, in order, relative to `root`.
fn files(root: &Path, folder: &Path, settings: &Settings) -> Result<Vec<PathBuf>, ReleasesError> {
    let folders = &settings.folders;
    let own = [&folders.unreleased, &folders.releases, &folders.templates];
    let own: Vec<PathBuf> = own.into_iter().map(|folder| root.join(folder)).collect();
    let start: PathBuf = root.join(folder).components().collect();
    let walk = WalkBuilder::new(start)
        .require_git(false)
        .max_filesize(Some(LIMIT))
        .sort_by_file_path(Path::cmp)
        .filter_entry(move |entry| !own.iter().any(|own| entry.path().ends_with(own)))
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| ReleasesError::Read {
            path: folder.to_owned(),
            source: error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()),
        })?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
            files.push(path.to_owned());
        }
    }
    Ok(files)
}
