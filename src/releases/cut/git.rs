//! Asks git what has changed, and commits.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::CutError;

/// The git repository that a project is in.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// Finds the repository of the project at `root`; `None` if there is none, or git is not installed.
    #[must_use]
    pub fn find(root: &Path) -> Option<Self> {
        let repository = Self { root: root.to_owned() };
        let inside = repository.git(["rev-parse", "--is-inside-work-tree"]).ok()?;
        (inside.trim() == "true").then_some(repository)
    }

    /// Checks that nothing at these paths is changed or untracked.
    ///
    /// # Errors
    /// Something is, or git fails.
    pub fn check_clean(&self, paths: &[PathBuf]) -> Result<(), CutError> {
        let asked = ["status", "--porcelain", "--untracked-files=all", "--"].map(OsStr::new);
        let paths = paths.iter().filter(|path| self.root.join(path).exists());
        let said = self.git(asked.into_iter().chain(paths.map(|path| path.as_os_str())))?;
        let changed: Vec<String> =
            said.lines().filter_map(|line| Some(line.get(3..)?.to_owned())).collect();
        if changed.is_empty() { Ok(()) } else { Err(CutError::Dirty { paths: changed }) }
    }

    /// Commits the changes at these paths, and nothing else. Returns the short hash of the commit.
    ///
    /// # Errors
    /// Git fails, or one of its hooks refuses; then nothing is committed, and the index is as before.
    pub fn commit(&self, paths: &[PathBuf], message: &str) -> Result<String, CutError> {
        let with = |first: &[&'static str]| {
            let first: Vec<_> = first.iter().map(OsStr::new).collect();
            let paths = paths.iter().map(|path| path.as_os_str());
            first.into_iter().chain(paths).map(OsStr::to_owned).collect::<Vec<_>>()
        };
        self.git(with(&["add", "--all", "--"]))?;
        let mut commit = with(&["commit", "--quiet", "--only", "--message"]);
        commit.insert(4, message.into());
        commit.insert(5, "--".into());
        if let Err(error) = self.git(commit) {
            let _ = self.git(with(&["reset", "--quiet", "--"]));
            return Err(error);
        }
        Ok(self.git(["rev-parse", "--short", "HEAD"])?.trim().to_owned())
    }

    fn git<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<String, CutError> {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.root).stdin(Stdio::null()).env("LC_ALL", "C");
        let output = git.output().map_err(CutError::NoGit)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let command = git.get_args().next().map(|name| name.to_string_lossy().into_owned());
        Err(CutError::Git {
            command: command.unwrap_or_default(),
            message: said
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
        })
    }
}
