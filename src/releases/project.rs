use std::path::{Path, PathBuf};

use super::ReleasesError;
use crate::manifest::{Folders, Settings};
use crate::model::Stage;

/// Reads `handover.yml` below `root`; without the file, the defaults.
///
/// # Errors
/// The file cannot be read, or is not what settings look like.
pub fn read_settings(root: &Path) -> Result<Settings, ReleasesError> {
    let _ = root;
    Ok(Settings::default())
}

/// Reads the project's own template for a stage of a kind of change, if it has one.
///
/// # Errors
/// The file cannot be read.
pub fn read_template(
    root: &Path,
    folders: &Folders,
    kind: &str,
    stage: Stage,
) -> Result<Option<(PathBuf, String)>, ReleasesError> {
    let _ = (root, folders, kind, stage);
    Ok(None)
}
