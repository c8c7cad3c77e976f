//! Reads the other files of a project: the settings, templates and SQL.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::ReleasesError;
use crate::manifest::{Folders, Settings};

/// The file of the project's settings.
pub const SETTINGS_FILE: &str = "handover.yml";

/// Reads `handover.yml` below `root`; without the file, returns the defaults.
///
/// # Errors
/// The file cannot be read, or its settings are not valid.
pub fn read_settings(root: &Path) -> Result<Settings, ReleasesError> {
    let file = PathBuf::from(SETTINGS_FILE);
    match read(root, &file)? {
        Some(text) => Ok(Settings::parse(&file, &text)?),
        None => Ok(Settings::default()),
    }
}

/// Reads the project's own template for a file of a kind of change (`rename`, `expand.yml`), if it
/// has one: its path relative to `root`, and its text.
///
/// # Errors
/// The file cannot be read.
pub fn read_template(
    root: &Path,
    folders: &Folders,
    kind: &str,
    file: &str,
) -> Result<Option<(PathBuf, String)>, ReleasesError> {
    let file = folders.templates.join(kind).join(file);
    Ok(read(root, &file)?.map(|text| (file, text)))
}

/// Reads a file of SQL that the settings name.
///
/// # Errors
/// The file is not there or cannot be read.
pub fn read_sql(root: &Path, file: &Path) -> Result<String, ReleasesError> {
    let gone = || ReleasesError::Read { path: file.to_owned(), source: ErrorKind::NotFound.into() };
    read(root, file)?.ok_or_else(gone)
}

/// Reads a file; `None` if it does not exist.
pub(super) fn read(root: &Path, file: &Path) -> Result<Option<String>, ReleasesError> {
    let path = || file.to_owned();
    match fs::read(root.join(file)) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(ReleasesError::NotUtf8 { path: path() }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ReleasesError::Read { path: path(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_optional() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(read_settings(root.path()).unwrap(), Settings::default());
        fs::write(root.path().join("handover.yml"), "backfill: { batch_size: 5 }").unwrap();
        assert_eq!(read_settings(root.path()).unwrap().backfill.batch_size, 5);
        fs::write(root.path().join("handover.yml"), b"\xff").unwrap();
        let error = read_settings(root.path()).unwrap_err().to_string();
        assert_eq!(error, "`handover.yml` is not UTF-8 text");
        fs::write(root.path().join("handover.yml"), "x: 1").unwrap();
        let error = read_settings(root.path()).unwrap_err().to_string();
        assert!(error.starts_with("handover.yml:1:1: unknown field `x`"), "{error}");
    }
}
