//! Writes new files, all of them or none, and makes the folders that they need.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use crate::releases::ReleasesError;

/// Writes new files below `root`, with the folders that they need: all of them, or none.
///
/// Paths are relative to `root`. Each file is complete on disk before it gets its name.
///
/// # Errors
/// A file already exists, or cannot be written; then nothing has changed.
pub fn write_all(root: &Path, files: &[(PathBuf, String)]) -> Result<(), ReleasesError> {
    for (path, _) in files {
        if !inside(path) {
            return Err(ReleasesError::Outside { path: path.clone() });
        }
        if fs::symlink_metadata(root.join(path)).is_ok() {
            return Err(ReleasesError::Exists { path: path.clone() });
        }
    }
    let mut made = Made::default();
    let prepared = files
        .iter()
        .map(|(path, text)| match prepare(&root.join(path), text, &mut made) {
            Ok(file) => Ok((path, file)),
            Err(source) => Err(ReleasesError::Write { path: path.clone(), source }),
        })
        .collect::<Result<Vec<_>, _>>()?;
    for (path, file) in prepared {
        let target = root.join(path);
        file.persist_noclobber(&target).map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => ReleasesError::Exists { path: path.clone() },
            _ => ReleasesError::Write { path: path.clone(), source: error.error },
        })?;
        made.files.push(target);
    }
    sync_folders(made.files.iter().chain(&made.folders).map(PathBuf::as_path))
        .map_err(|(path, source)| ReleasesError::Write { path, source })?;
    made.keep();
    Ok(())
}

/// Returns true if the path names a file below the folder that it is relative to.
pub(super) fn inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_))) && path.file_name().is_some()
}

/// Writes the text to a temporary file next to the target.
pub(super) fn prepare(target: &Path, text: &str, made: &mut Made) -> io::Result<NamedTempFile> {
    let folder = target.parent().unwrap_or(target);
    made.make_folders(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".handover-");
    #[cfg(unix)]
    let permissions = {
        use std::os::unix::fs::PermissionsExt as _;
        fs::Permissions::from_mode(0o666)
    };
    #[cfg(unix)]
    builder.permissions(permissions);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Syncs the folders, so that the names are durable as well. Only Unix can open a folder.
pub(super) fn sync_folders<'p>(
    paths: impl Iterator<Item = &'p Path>,
) -> Result<(), (PathBuf, io::Error)> {
    if cfg!(unix) {
        let mut done: Vec<&Path> = Vec::new();
        for folder in paths.filter_map(Path::parent) {
            if !done.contains(&folder) {
                let sync = File::open(folder).and_then(|folder| folder.sync_all());
                sync.map_err(|error| (folder.to_owned(), error))?;
                done.push(folder);
            }
        }
    }
    Ok(())
}

/// The files and folders made so far; removed when dropped, unless kept.
#[derive(Default)]
pub(super) struct Made {
    pub(super) files: Vec<PathBuf>,
    pub(super) folders: Vec<PathBuf>,
}

impl Made {
    pub(super) fn make_folders(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors();
        let missing = missing.take_while(|at| !at.as_os_str().is_empty() && !at.exists());
        for folder in missing.collect::<Vec<_>>().into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    pub(super) fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<(PathBuf, String)> {
        paths.iter().map(|path| (PathBuf::from(path), format!("text of {path}\n"))).collect()
    }

    fn is_empty(root: &Path) -> bool {
        fs::read_dir(root).unwrap().next().is_none()
    }

    #[test]
    fn files_and_folders_are_made() {
        let root = tempfile::tempdir().unwrap();
        let files = files(&["a/9.0.0/1", "a/9.0.0/2", "a/9.0.1/3", "b"]);
        write_all(root.path(), &files).unwrap();
        for (path, text) in &files {
            assert_eq!(&fs::read_to_string(root.path().join(path)).unwrap(), text);
        }
        assert_eq!(fs::read_dir(root.path().join("a/9.0.0")).unwrap().count(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(root.path().join("b")).unwrap().permissions().mode();
            assert_eq!(mode & 0o400, 0o400);
            assert_eq!(mode & 0o111, 0);
        }
    }

    #[test]
    fn nothing_changes_if_a_file_exists() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("a")).unwrap();
        fs::write(root.path().join("a/2"), "mine").unwrap();
        let error = write_all(root.path(), &files(&["a/1", "c/d/1", "a/2"])).unwrap_err();
        assert_eq!(error.to_string(), "`a/2` already exists");
        assert!(!root.path().join("a/1").exists() && !root.path().join("c").exists());
        assert_eq!(fs::read_to_string(root.path().join("a/2")).unwrap(), "mine");
    }

    #[test]
    fn nothing_is_left_if_one_fails_midway() {
        let root = tempfile::tempdir().unwrap();
        // The same path twice passes the first look and fails when the second gets its name.
        let error = write_all(root.path(), &files(&["a/1", "b/c/2", "a/1"])).unwrap_err();
        assert!(matches!(error, ReleasesError::Exists { .. }), "{error}");
        assert!(is_empty(root.path()));
        // A file where a folder is needed.
        let error = write_all(root.path(), &files(&["a/1", "b/1", "a/1/x"])).unwrap_err();
        assert!(matches!(error, ReleasesError::Exists { .. } | ReleasesError::Write { .. }));
        assert!(is_empty(root.path()));
    }

    #[test]
    fn paths_stay_inside() {
        let root = tempfile::tempdir().unwrap();
        for path in ["../x", "/x", "a/../../x", ""] {
            let error = write_all(root.path(), &files(&[path])).unwrap_err();
            assert!(matches!(error, ReleasesError::Outside { .. }), "{path}");
        }
        assert!(is_empty(root.path()));
    }
}
