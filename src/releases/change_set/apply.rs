//! Changes to the project's files that belong together: all of them are made, or none.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::undo::Undo;
use super::write::{Made, inside, prepare, sync_folders};
use crate::releases::ReleasesError;

/// Changes to the project's files that belong together. Paths are relative to the project's root;
/// none is named twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Files to create, with their text.
    pub creates: Vec<(PathBuf, String)>,
    /// Files to rewrite, with their text afterwards.
    pub replaces: Vec<(PathBuf, String)>,
    /// Files to rename, byte for byte: from, to.
    pub moves: Vec<(PathBuf, PathBuf)>,
    /// Files to remove.
    pub removals: Vec<PathBuf>,
}

impl ChangeSet {
    /// Returns true if there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.creates.is_empty()
            && self.replaces.is_empty()
            && self.moves.is_empty()
            && self.removals.is_empty()
    }

    /// Returns the change set that undoes this one. Has to be called before the changes are made.
    ///
    /// # Errors
    /// A file that would change cannot be read.
    pub fn inverse(&self, root: &Path) -> Result<Self, ReleasesError> {
        let text = |path: &PathBuf| match fs::read_to_string(root.join(path)) {
            Ok(text) => Ok((path.clone(), text)),
            Err(source) => Err(ReleasesError::Read { path: path.clone(), source }),
        };
        let replaced = self.replaces.iter().map(|(path, _)| text(path));
        Ok(Self {
            creates: self.removals.iter().map(text).collect::<Result<_, _>>()?,
            replaces: replaced.collect::<Result<_, _>>()?,
            moves: self.moves.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            removals: self.creates.iter().map(|(path, _)| path.clone()).collect(),
        })
    }

    /// Undoes changes that have been made, by their [inverse](Self::inverse), and removes the folders
    /// that become empty.
    ///
    /// # Errors
    /// A file has changed since, or cannot be written.
    pub fn take_back(&self, root: &Path, inverse: &Self) -> Result<(), ReleasesError> {
        inverse.apply(root)?;
        let moved = self.moves.iter().map(|(_, to)| to);
        let made = self.creates.iter().map(|(path, _)| path).chain(moved);
        for folder in made.filter_map(|path| path.parent()) {
            // A folder that is not empty stays.
            let _ = fs::remove_dir(root.join(folder));
        }
        Ok(())
    }

    /// Makes the changes below `root`, with the folders that they need: all of them, or none.
    ///
    /// Every new text is complete on disk before the first name changes. If the process dies
    /// between two names, version control has what was there.
    ///
    /// # Errors
    /// A file to create exists, a file to change is missing, or a file cannot be written; then
    /// nothing has changed.
    pub fn apply(&self, root: &Path) -> Result<(), ReleasesError> {
        self.apply_with(root, &mut || Ok(()))
    }

    /// Makes the changes. `before` is called before each step that changes a name, and may fail.
    fn apply_with(
        &self,
        root: &Path,
        before: &mut dyn FnMut() -> io::Result<()>,
    ) -> Result<(), ReleasesError> {
        self.look(root)?;
        let mut made = Made::default();
        let mut undo = Undo::default();
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| ReleasesError::Write { path, source }
        };
        let created = prepared(root, &self.creates, &mut made)?;
        let replaced = prepared(root, &self.replaces, &mut made)?;
        for (_, to) in &self.moves {
            let target = root.join(to);
            made.make_folders(target.parent().unwrap_or(root)).map_err(failed(to))?;
        }
        for (path, file) in created {
            let target = root.join(path);
            before().map_err(failed(path))?;
            file.persist_noclobber(&target).map_err(|error| failed(path)(error.error))?;
            made.files.push(target);
        }
        for (from, to) in &self.moves {
            before().map_err(failed(from))?;
            undo.rename(&root.join(from), root.join(to)).map_err(failed(from))?;
        }
        for path in &self.removals {
            let target = root.join(path);
            before().map_err(failed(path))?;
            undo.put_aside(&target).map_err(failed(path))?;
        }
        for (path, file) in replaced {
            let target = root.join(path);
            before().map_err(failed(path))?;
            let mode = fs::metadata(&target).map_err(failed(path))?.permissions();
            undo.put_aside(&target).map_err(failed(path))?;
            file.as_file().set_permissions(mode).map_err(failed(path))?;
            file.persist_noclobber(&target).map_err(|error| failed(path)(error.error))?;
            undo.made.push(target);
        }
        let changed = made.files.iter().chain(undo.paths()).map(PathBuf::as_path);
        sync_folders(changed.chain(made.folders.iter().map(PathBuf::as_path)))
            .map_err(|(path, source)| ReleasesError::Write { path, source })?;
        made.keep();
        undo.forget();
        Ok(())
    }

    /// Looks, before anything is changed, for what is going to fail.
    fn look(&self, root: &Path) -> Result<(), ReleasesError> {
        let there = self.replaces.iter().map(|(path, _)| path).chain(&self.removals);
        let there = there.chain(self.moves.iter().map(|(from, _)| from));
        let absent = self.creates.iter().map(|(path, _)| path);
        let absent = absent.chain(self.moves.iter().map(|(_, to)| to));
        let mut named = HashSet::new();
        for (path, is_there) in there.map(|path| (path, true)).chain(absent.map(|at| (at, false))) {
            if !inside(path) {
                return Err(ReleasesError::Outside { path: path.clone() });
            }
            let found = fs::symlink_metadata(root.join(path));
            if !named.insert(path) || (!is_there && found.is_ok()) {
                return Err(ReleasesError::Exists { path: path.clone() });
            }
            if is_there {
                let failed = |source| ReleasesError::Write { path: path.clone(), source };
                if !found.map_err(failed)?.is_file() {
                    return Err(failed(io::Error::other("it is not a file")));
                }
            }
        }
        Ok(())
    }
}

type Prepared<'a> = Vec<(&'a PathBuf, tempfile::NamedTempFile)>;

fn prepared<'a>(
    root: &Path,
    files: &'a [(PathBuf, String)],
    made: &mut Made,
) -> Result<Prepared<'a>, ReleasesError> {
    let prepare = |(path, text): &'a (PathBuf, String)| match prepare(&root.join(path), text, made)
    {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(ReleasesError::Write { path: path.clone(), source }),
    };
    files.iter().map(prepare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file below a folder with its text, and every folder.
    fn tree(root: &Path) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(root).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(tree(&path));
                found.push((path, String::new()));
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
        found.sort();
        found
    }

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in ["a/1", "a/2", "b/3", "4"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("text of {}", path.display())).unwrap();
        }
        root
    }

    fn all() -> ChangeSet {
        ChangeSet {
            creates: vec![("c/d/5".into(), "five".to_owned())],
            replaces: vec![("4".into(), "four".to_owned()), ("b/3".into(), "three".to_owned())],
            moves: vec![("a/1".into(), "c/1".into())],
            removals: vec!["a/2".into()],
        }
    }

    #[test]
    fn everything_is_done() {
        let root = project();
        let moved = fs::read_to_string(root.path().join("a/1")).unwrap();
        all().apply(root.path()).unwrap();
        let files = tree(root.path());
        let files = files.iter().filter(|(_, text)| !text.is_empty());
        let files: Vec<_> = files
            .map(|(path, text)| {
                (path.strip_prefix(root.path()).unwrap().to_str().unwrap(), text.as_str())
            })
            .collect();
        assert_eq!(
            files,
            [("4", "four"), ("b/3", "three"), ("c/1", moved.as_str()), ("c/d/5", "five")]
        );
    }

    #[test]
    fn nothing_is_left_whichever_step_fails() {
        let steps = {
            let (root, mut steps) = (project(), 0);
            all()
                .apply_with(root.path(), &mut || {
                    steps += 1;
                    Ok(())
                })
                .unwrap();
            steps
        };
        assert_eq!(steps, 5);
        for fails in 0..steps {
            let root = project();
            let before = tree(root.path());
            let mut at = 0;
            let result = all().apply_with(root.path(), &mut || {
                at += 1;
                if at > fails { Err(io::Error::other("the disk is full")) } else { Ok(()) }
            });
            assert!(matches!(result, Err(ReleasesError::Write { .. })), "{result:?}");
            assert_eq!(tree(root.path()), before, "step {fails}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_seen_before_anything_is() {
        let path = |path: &str| PathBuf::from(path);
        let text = |at: &str| (path(at), String::new());
        for (set, expect) in [
            (ChangeSet { creates: vec![text("4")], ..all() }, "`4` already exists"),
            (ChangeSet { creates: vec![text("x"), text("x")], ..all() }, "`x` already exists"),
            (ChangeSet { replaces: vec![text("9")], ..all() }, "cannot write `9`"),
            (ChangeSet { replaces: vec![text("a")], ..all() }, "cannot write `a`"),
            (ChangeSet { removals: vec![path("a/9")], ..all() }, "cannot write `a/9`"),
            (ChangeSet { removals: vec![path("a/1")], ..all() }, "`a/1` already exists"),
            (
                ChangeSet { moves: vec![(path("a/1"), path("a/2"))], ..all() },
                "`a/2` already exists",
            ),
            (ChangeSet { moves: vec![(path("a/1"), path("../x"))], ..all() }, "is not inside the"),
        ] {
            let root = project();
            let before = tree(root.path());
            let error = set.apply(root.path()).unwrap_err();
            assert!(error.to_string().contains(expect), "{error} / {expect}");
            assert!(error.hint().is_some());
            assert_eq!(tree(root.path()), before);
        }
        assert!(ChangeSet::default().is_empty() && !all().is_empty());
    }
}
