//! Why the project's files could not be read or written.

use std::io;
use std::path::PathBuf;

use super::CheckError;
use crate::manifest::{DumpError, ManifestError, SettingsError, SlotError};
use crate::model::{InvalidRelease, Release};

/// Why the project's files could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReleasesError {
    /// A file or folder could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A file or folder could not be written; nothing has changed.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A file to be written is already there; nothing has changed.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A path to be written leads out of the project; nothing has changed.
    #[error("`{}` is not inside the project", path.display())]
    Outside {
        /// The path.
        path: PathBuf,
    },
    /// The name of a file or folder is not UTF-8.
    #[error("the name of `{}` is not UTF-8", path.display())]
    NameNotUtf8 {
        /// The file or folder.
        path: PathBuf,
    },
    /// The content of a file is not UTF-8.
    #[error("`{}` is not UTF-8 text", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// A folder among the releases is not named after a release.
    #[error("the folder `{}` is not named after a release such as {}", path.display(), source.scheme().sample())]
    NoRelease {
        /// The folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
    /// Two folders are named after one release.
    #[error("`{}` and `{}` are both named after release {release}", first.display(), second.display())]
    SameRelease {
        /// The release.
        release: Release,
        /// One folder.
        first: PathBuf,
        /// The other folder.
        second: PathBuf,
    },
    /// A file is not named like a migration, or is in the wrong place.
    #[error("`{}` is not a migration; {expected}", path.display())]
    Stray {
        /// The file.
        path: PathBuf,
        /// The names or files that are allowed there.
        expected: &'static str,
    },
    /// A stage file was not understood.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The file of a slot was not understood.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// `handover.yml` was not understood.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no schema dump.
    #[error("there is no schema dump `{}`", path.display())]
    NoDump {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A schema dump was not understood.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// The files do not fit together.
    #[error(transparent)]
    Check(#[from] CheckError),
}

impl ReleasesError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Manifest(error) => return error.hint(),
            Self::Slot(error) => return error.hint(),
            Self::Settings(error) => return error.hint(),
            Self::Check(error) => return error.hint(),
            Self::Dump(error) => return error.hint(),
            Self::NoDump { .. } => {
                "make it from a database that is migrated: `handover db dump`".to_owned()
            }
            Self::Read { path, .. } => format!("make `{}` readable", path.display()),
            Self::Write { .. } => "make the folder writable and run the command again".to_owned(),
            Self::Exists { path } => {
                format!("move `{}` away and run the command again", path.display())
            }
            Self::Outside { .. } => "correct `folders` in `handover.yml`".to_owned(),
            Self::NoRelease { path, source } => {
                let advice = source.advice();
                format!("rename or move `{}`, then run `handover check`{advice}", path.display())
            }
            Self::Stray { path, .. } => {
                format!("rename or move `{}`, then run `handover check`", path.display())
            }
            Self::SameRelease { first, second, .. } => {
                format!("move what is in `{}` to `{}`", second.display(), first.display())
            }
            Self::NameNotUtf8 { path } | Self::NotUtf8 { path } => {
                format!("correct `{}`, then run `handover check`", path.display())
            }
        })
    }
}
