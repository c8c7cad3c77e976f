//! Finds and reads the migration files in the project's folders.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::file_name::{EXPECTED, FileName};
use super::open_folder::OpenFolder;
use super::{MigrationFile, Releases, ReleasesError};
use crate::manifest::{Checksum, Folders};
use crate::model::{Release, Scheme};

impl Releases {
    /// Finds and reads the migration files below `root`, without parsing them. A folder that does
    /// not exist counts as empty; hidden files and READMEs are skipped.
    ///
    /// # Errors
    /// A file or folder is misnamed, unreadable or not UTF-8.
    pub fn discover(root: &Path, folders: &Folders) -> Result<Self, ReleasesError> {
        let mut files = Vec::new();
        let mut releases = Vec::new();
        for (name, entry) in list(root, &folders.releases)? {
            let folder = folders.releases.join(&name);
            if !is_folder(&entry, &folder)? {
                return Err(stray(folder, "only folders named after a release belong here"));
            }
            releases.push((release(&folder, &name)?, folder));
        }
        // Sorted from the start, so that the sort of a thousand files compares each only once.
        releases.sort();
        if let Some([(release, first), (_, second)]) =
            releases.array_windows().find(|[(one, _), (other, _)]| one == other)
        {
            let (release, first, second) = (release.clone(), first.clone(), second.clone());
            return Err(ReleasesError::SameRelease { release, first, second });
        }
        for (release, folder) in &releases {
            scan(root, folder, Some(release), &mut files)?;
        }
        scan(root, &folders.unreleased, None, &mut files)?;
        Ok(Self::sorted(files))
    }

    /// Takes the names of the folders as releases of this scheme.
    ///
    /// # Errors
    /// A folder is named after a release of another scheme.
    pub fn in_scheme(mut self, scheme: Scheme) -> Result<Self, ReleasesError> {
        for file in &mut self.files {
            if let Some(release) = &mut file.release {
                *release = scheme.accept(release).map_err(|source| ReleasesError::NoRelease {
                    path: file.path.parent().unwrap_or(&file.path).to_owned(),
                    source,
                })?;
            }
        }
        Ok(self)
    }

    pub(super) fn sorted(mut files: Vec<MigrationFile>) -> Self {
        files.sort_by(|a, b| order(a).cmp(&order(b)));
        Self { files }
    }
}

/// The sort key of a file: by release, unreleased files last; then by id.
fn order(file: &MigrationFile) -> (bool, Option<&Release>, u64) {
    (file.release.is_none(), file.release.as_ref(), file.id)
}

/// Reads the migrations of one folder.
fn scan(
    root: &Path,
    folder: &Path,
    release: Option<&Release>,
    files: &mut Vec<MigrationFile>,
) -> Result<(), ReleasesError> {
    let entries = list(root, folder)?;
    if entries.is_empty() {
        return Ok(());
    }
    let opened = OpenFolder::new(&root.join(folder))
        .map_err(|source| ReleasesError::Read { path: folder.to_owned(), source })?;
    let mut bytes = Vec::with_capacity(4096);
    let before = files.len();
    for (name, entry) in entries {
        let path = folder.join(&name);
        let Some(parsed) = FileName::parse(&name) else {
            return Err(stray(path, EXPECTED));
        };
        if is_folder(&entry, &path)? {
            return Err(stray(path, "only files belong here"));
        }
        bytes.clear();
        // `take` keeps the standard library from asking for the size of each of many small files.
        let content =
            opened.open(&name).and_then(|file| file.take(u64::MAX).read_to_end(&mut bytes));
        if let Err(source) = content {
            return Err(ReleasesError::Read { path, source });
        }
        files.push(file(parsed, release.cloned(), path, bytes.as_slice().to_owned().into())?);
    }
    files[before..].sort_by_key(|file| file.id);
    Ok(())
}

/// Builds the entry of a file from its name and content.
pub(super) fn file(
    FileName { id, slug, kind }: FileName,
    release: Option<Release>,
    path: PathBuf,
    bytes: Cow<'static, [u8]>,
) -> Result<MigrationFile, ReleasesError> {
    let checksum = Checksum::of(&bytes);
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    };
    let Some(text) = text else {
        return Err(ReleasesError::NotUtf8 { path });
    };
    Ok(MigrationFile { id, slug, kind, release, path, checksum, text })
}

/// Parses the name of a folder as a release.
pub(super) fn release(folder: &Path, name: &str) -> Result<Release, ReleasesError> {
    name.parse().map_err(|source| ReleasesError::NoRelease { path: folder.to_owned(), source })
}

/// Returns true if a name is skipped: a hidden file, or a README.
pub(super) fn is_ignored(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"README")
}

pub(super) fn stray(path: PathBuf, expected: &'static str) -> ReleasesError {
    ReleasesError::Stray { path, expected }
}

/// Lists a folder without what is ignored; empty if there is no such folder.
fn list(root: &Path, folder: &Path) -> Result<Vec<(String, DirEntry)>, ReleasesError> {
    let failed = |source| ReleasesError::Read { path: folder.to_owned(), source };
    let entries = match fs::read_dir(root.join(folder)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut list = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if is_ignored(&name) {
            continue;
        }
        match name.into_string() {
            Ok(name) => list.push((name, entry)),
            Err(name) => return Err(ReleasesError::NameNotUtf8 { path: folder.join(name) }),
        }
    }
    Ok(list)
}

/// Returns true if the entry is a folder, or a link to one.
fn is_folder(entry: &DirEntry, path: &Path) -> Result<bool, ReleasesError> {
    let failed = |source| ReleasesError::Read { path: path.to_owned(), source };
    let kind = entry.file_type().map_err(failed)?;
    if kind.is_symlink() {
        return fs::metadata(entry.path()).map(|at| at.is_dir()).map_err(failed);
    }
    Ok(kind.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: &str = "1_rename_a.expand.yml";

    fn project(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    fn discover(files: &[(&str, &[u8])]) -> Result<Releases, String> {
        let root = project(files);
        Releases::discover(root.path(), &Folders::default()).map_err(|error| {
            assert!(error.hint().is_some(), "{error}");
            error.to_string()
        })
    }

    #[test]
    fn an_empty_project_has_no_migrations() {
        assert!(discover(&[]).unwrap().files().is_empty());
        let files: [(&str, &[u8]); 3] = [
            ("unreleased/.gitkeep", b""),
            ("release_migrations/README.md", b""),
            ("release_migrations/9.0.0/README", b""),
        ];
        assert!(discover(&files).unwrap().files().is_empty());
    }

    #[test]
    fn files_are_sorted_by_release_as_versions() {
        let files: Vec<(String, &[u8])> = [
            "release_migrations/10.0.0",
            "unreleased",
            "release_migrations/9.9.0",
            "release_migrations/9.0.0-rc.1",
            "release_migrations/9.0.0",
        ]
        .into_iter()
        .map(|folder| (format!("{folder}/{STAGE}"), b"x".as_slice()))
        .collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let files = discover(&files).unwrap();
        let order: Vec<_> = files
            .files()
            .iter()
            .map(|file| file.release.as_ref().map(ToString::to_string).unwrap_or_default())
            .collect();
        assert_eq!(order, ["9.0.0-rc.1", "9.0.0", "9.9.0", "10.0.0", ""]);
        assert_eq!(files.files()[0].path, Path::new("release_migrations/9.0.0-rc.1").join(STAGE));
    }

    #[test]
    fn what_does_not_belong_is_named() {
        for (path, expect) in [
            (
                "release_migrations/nine/x",
                "the folder `release_migrations/nine` is not named after",
            ),
            ("release_migrations/9.x/x", "the folder `release_migrations/9.x` is not named after"),
            ("release_migrations/9.0.0+b/x", "the folder `release_migrations/9.0.0+b` is not"),
            (
                "release_migrations/x.sql",
                "`release_migrations/x.sql` is not a migration; only folders",
            ),
            (
                "release_migrations/9.0.0/x.yml",
                "`release_migrations/9.0.0/x.yml` is not a migration",
            ),
            ("release_migrations/9.0.0/1_a.sql/x", "only files belong here"),
            ("unreleased/notes.txt", "`unreleased/notes.txt` is not a migration; its name must be"),
        ] {
            let error = discover(&[(path, b"")]).unwrap_err();
            assert!(error.contains(expect), "{path}: {error}");
        }
    }

    #[test]
    fn binary_content_and_names_are_errors() {
        let error = discover(&[("unreleased/1_a.sql", b"\xff\xfe")]).unwrap_err();
        assert_eq!(error, "`unreleased/1_a.sql` is not UTF-8 text");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let root = project(&[("unreleased/.gitkeep", b"")]);
            fs::write(root.path().join("unreleased").join(OsStr::from_bytes(b"1_\xff.sql")), "")
                .unwrap();
            let error = Releases::discover(root.path(), &Folders::default()).unwrap_err();
            assert!(matches!(error, ReleasesError::NameNotUtf8 { .. }), "{error}");
        }
    }

    #[test]
    fn a_folder_that_is_a_file_is_an_error() {
        let error = discover(&[("unreleased", b"")]).unwrap_err();
        assert_eq!(error, "cannot read `unreleased`");
    }
}
