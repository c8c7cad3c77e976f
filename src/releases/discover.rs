use std::path::Path;

use super::{Releases, ReleasesError};
use crate::manifest::Folders;

impl Releases {
    /// Finds and reads the migration files below `root`, without parsing them. A folder that does
    /// not exist counts as empty.
    ///
    /// # Errors
    /// A file or folder is misnamed, unreadable or not UTF-8.
    pub fn discover(root: &Path, folders: &Folders) -> Result<Self, ReleasesError> {
        let _ = (root, folders);
        Ok(Self::default())
    }
}
