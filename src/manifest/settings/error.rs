use std::path::PathBuf;

use crate::manifest::{Location, YamlError};
use crate::model::{InvalidRelease, Release};

/// Why `handover.yml` was not understood.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not the YAML of the settings.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A value is no duration such as `50ms`.
    #[error("{location}: the value `{text}` of `{key}` is no duration such as `50ms` or `15s`")]
    Duration {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: humantime::DurationError,
    },
    /// A value is outside of its bounds.
    #[error("{location}: the value `{text}` of `{key}` is not within {bounds}")]
    Bounds {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        text: String,
        /// The bounds, in words.
        bounds: &'static str,
    },
    /// A value is empty.
    #[error("{location}: the value of `{key}` is empty")]
    Empty {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
    },
    /// A folder is empty, absolute or leads out of the project, or two folders are the same.
    #[error("{location}: the value `{}` of `{key}` is no folder of its own inside the project", folder.display())]
    Folder {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        folder: PathBuf,
    },
    /// A folder of code is empty, absolute or leads out of the project.
    #[error("{location}: the value `{}` of `check.code` is no folder inside the project", folder.display())]
    Code {
        /// Where.
        location: Location,
        /// What was given.
        folder: PathBuf,
    },
    /// A value is no release.
    #[error("{location}: the value `{text}` of `{key}` is no release: {source}")]
    Release {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: InvalidRelease,
    },
    /// A value is a pre-release, which counts as its release.
    #[error("{location}: the value `{release}` of `{key}` is a pre-release; write `{}`", release.gating())]
    PreRelease {
        /// Where.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        release: Release,
    },
    /// A release is in the list twice.
    #[error("{location}: `{release}` is in `{key}` twice")]
    Twice {
        /// Where the second is.
        location: Location,
        /// Which setting.
        key: &'static str,
        /// What was given.
        release: Release,
    },
}

impl SettingsError {
    /// Where in the file it is.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::Yaml(error) => error.location(),
            Self::Duration { location, .. }
            | Self::Bounds { location, .. }
            | Self::Empty { location, .. }
            | Self::Folder { location, .. }
            | Self::Code { location, .. }
            | Self::Release { location, .. }
            | Self::PreRelease { location, .. }
            | Self::Twice { location, .. } => location,
        }
    }

    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the settings, then run `handover check`".to_owned())
    }
}
