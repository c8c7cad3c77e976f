//! Undoes renames of files when a later step fails.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The changes made so far; undone when dropped, unless forgotten.
#[derive(Default)]
pub(super) struct Undo {
    /// Files that were renamed: from, to.
    pub(super) renamed: Vec<(PathBuf, PathBuf)>,
    /// The files that were put aside, by the names that they have now. Not needed once all is done.
    pub(super) aside: Vec<PathBuf>,
    /// Files that replace one that was put aside.
    pub(super) made: Vec<PathBuf>,
}

impl Undo {
    pub(super) fn rename(&mut self, from: &Path, to: PathBuf) -> io::Result<()> {
        fs::rename(from, &to)?;
        self.renamed.push((from.to_owned(), to));
        Ok(())
    }

    /// Gives a file a hidden name in its folder, until all is done.
    pub(super) fn put_aside(&mut self, path: &Path) -> io::Result<()> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let aside = path.with_file_name(format!(
            ".handover-{}-{}",
            std::process::id(),
            name.unwrap_or_default()
        ));
        self.rename(path, aside.clone())?;
        self.aside.push(aside);
        Ok(())
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.renamed.iter().flat_map(|(from, to)| [from, to])
    }

    pub(super) fn forget(mut self) {
        self.renamed.clear();
        self.made.clear();
        for file in self.aside.drain(..) {
            let _ = fs::remove_file(file);
        }
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        for file in &self.made {
            let _ = fs::remove_file(file);
        }
        for (from, to) in self.renamed.iter().rev() {
            let _ = fs::rename(to, from);
        }
    }
}
