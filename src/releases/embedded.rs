//! Reads the migrations that are embedded in a program.

use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry};

use super::file_name::{EXPECTED, FileName};
use super::read_files::{file, is_ignored, release, stray};
use super::{MigrationFile, Releases, ReleasesError};
use crate::manifest::Folders;
use crate::model::Release;

/// The migrations embedded in the program; made by the macro [`releases!`](macro@crate::releases).
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedReleases {
    releases: &'static Dir<'static>,
    unreleased: Option<&'static Dir<'static>>,
}

impl EmbeddedReleases {
    /// For the macro only.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        releases: &'static Dir<'static>,
        unreleased: Option<&'static Dir<'static>>,
    ) -> Self {
        Self { releases, unreleased }
    }

    /// The migration files, as [`Releases::discover`] finds them in folders.
    ///
    /// # Errors
    /// A file or folder is misnamed or not UTF-8.
    pub fn read(&self) -> Result<Releases, ReleasesError> {
        let folders = Folders::default();
        let mut files = Vec::new();
        let mut found: Vec<(Release, PathBuf)> = Vec::new();
        for (name, entry) in list(&folders.releases, self.releases)? {
            let folder = folders.releases.join(name);
            let DirEntry::Dir(dir) = entry else {
                return Err(stray(folder, "only folders named after a release belong here"));
            };
            let release = release(&folder, name)?;
            if let Some((release, first)) = found.iter().find(|(own, _)| *own == release) {
                let (release, first) = (release.clone(), first.clone());
                return Err(ReleasesError::SameRelease { release, first, second: folder });
            }
            found.push((release.clone(), folder.clone()));
            scan(&folder, dir, Some(&release), &mut files)?;
        }
        if let Some(dir) = self.unreleased {
            scan(&folders.unreleased, dir, None, &mut files)?;
        }
        Ok(Releases::sorted(files))
    }
}

/// A source of migrations for [`Shim::builder`](crate::Shim::builder): the result of [`releases!`](crate::releases!), or
/// [`Releases::default`] for none.
pub trait IntoReleases {
    /// Reads the migrations.
    ///
    /// # Errors
    /// A file or folder is misnamed or not UTF-8.
    fn into_releases(self) -> Result<Releases, ReleasesError>;
}

impl IntoReleases for Releases {
    fn into_releases(self) -> Result<Releases, ReleasesError> {
        Ok(self)
    }
}

impl IntoReleases for EmbeddedReleases {
    fn into_releases(self) -> Result<Releases, ReleasesError> {
        self.read()
    }
}

fn scan(
    folder: &Path,
    dir: &'static Dir<'static>,
    release: Option<&Release>,
    files: &mut Vec<MigrationFile>,
) -> Result<(), ReleasesError> {
    for (name, entry) in list(folder, dir)? {
        let path = folder.join(name);
        let (Some(name), DirEntry::File(content)) = (FileName::parse(name), entry) else {
            return Err(stray(path, EXPECTED));
        };
        files.push(file(name, release.cloned(), path, content.contents().into())?);
    }
    Ok(())
}

/// Lists an embedded folder without what is ignored.
fn list(
    folder: &Path,
    dir: &'static Dir<'static>,
) -> Result<Vec<(&'static str, &'static DirEntry<'static>)>, ReleasesError> {
    let mut list = Vec::new();
    for entry in dir.entries() {
        let Some(name) = entry.path().file_name().filter(|name| !is_ignored(name)) else {
            continue;
        };
        match name.to_str() {
            Some(name) => list.push((name, entry)),
            None => return Err(ReleasesError::NameNotUtf8 { path: folder.join(name) }),
        }
    }
    Ok(list)
}

/// Embeds the migrations into the program, so that the shim knows every rename without files.
///
/// `releases!("release_migrations")` and `releases!("release_migrations", "unreleased")` are
/// relative to the crate that calls the macro; any other folder is written from
/// `$CARGO_MANIFEST_DIR`: `releases!("$CARGO_MANIFEST_DIR/../db/release_migrations")`. Naming the
/// folder of unreleased migrations too lets code under development know renames that are not yet
/// in a release. Returns an [`EmbeddedReleases`]; a mistake in the files is an error when they are
/// used, not when they are compiled.
///
/// The folders must exist. The compiler rebuilds when an embedded file changes, but does not see
/// a new one; a `build.rs` that prints `cargo::rerun-if-changed=release_migrations` makes it see that.
#[macro_export]
macro_rules! releases {
    ("release_migrations") => {
        $crate::releases!("$CARGO_MANIFEST_DIR/release_migrations")
    };
    ("release_migrations", "unreleased") => {
        $crate::releases!(
            "$CARGO_MANIFEST_DIR/release_migrations",
            "$CARGO_MANIFEST_DIR/unreleased"
        )
    };
    ($releases:tt) => {{
        use $crate::__private::include_dir;
        static RELEASES: include_dir::Dir<'static> = include_dir::include_dir!($releases);
        $crate::releases::EmbeddedReleases::new(&RELEASES, None)
    }};
    ($releases:tt, $unreleased:tt) => {{
        use $crate::__private::include_dir;
        static RELEASES: include_dir::Dir<'static> = include_dir::include_dir!($releases);
        static UNRELEASED: include_dir::Dir<'static> = include_dir::include_dir!($unreleased);
        $crate::releases::EmbeddedReleases::new(&RELEASES, Some(&UNRELEASED))
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_files_are_those_of_the_folders() {
        let embedded = crate::releases!("release_migrations", "unreleased").read().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = Releases::discover(root, &Folders::default()).unwrap();
        assert_eq!(embedded.files(), found.files());
        assert!(!embedded.files().is_empty());
        let without = crate::releases!("$CARGO_MANIFEST_DIR/release_migrations").read().unwrap();
        assert!(without.files().iter().all(|file| file.release.is_some()));
    }
}
