use std::io;
use std::path::{Path, PathBuf};

use crate::model::{InvalidRelease, Release};

/// The release of the app, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppVersion {
    /// The release.
    pub release: Release,
    /// Where it was found.
    pub source: VersionSource,
}

/// Where the release of the app was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionSource {
    /// The flag `--app-version`.
    Flag,
    /// The environment variable `VERSION`.
    Environment,
    /// A file.
    File(PathBuf),
}

/// Why the release of the app is not known.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// There is no flag, no environment variable and no file.
    #[error("the app's release is not known: there is no `{}`", path.display())]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read the app's release from `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not text.
    #[error("`{}` is not UTF-8 text", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// The file has more than the one line.
    #[error("`{}` has more than one line", path.display())]
    Lines {
        /// The file.
        path: PathBuf,
    },
    /// What was found is no release.
    #[error("{place} does not hold a release such as `9.0.0`")]
    Release {
        /// Where it was found.
        place: VersionSource,
        /// Why.
        #[source]
        source: InvalidRelease,
    },
}

impl std::fmt::Display for VersionSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("the flag `--app-version`"),
            Self::Environment => f.write_str("the environment variable `VERSION`"),
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}

impl VersionError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        None
    }
}

impl AppVersion {
    /// The app's release: from the flag, else the environment variable `VERSION`, else the file
    /// `VERSION` below `root`, which has one line and nothing else.
    ///
    /// # Errors
    /// There is none, or the first one that there is holds no release.
    pub fn resolve(
        flag: Option<&str>,
        env: Option<&str>,
        root: &Path,
    ) -> Result<Self, VersionError> {
        let _ = (flag, env);
        Err(VersionError::Missing { path: root.join("VERSION") })
    }
}
