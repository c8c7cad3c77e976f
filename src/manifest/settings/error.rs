//! Why `handover.yml` is not valid.

use std::path::PathBuf;

use crate::manifest::{Location, YamlError};
use crate::model::{InvalidAppName, InvalidRelease, Release, Scheme};

/// The reason why `handover.yml` is not valid.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not the YAML of the settings.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A value is not a duration such as `50ms`.
    #[error("{location}: the value `{text}` of `{key}` is not a duration such as `50ms` or `15s`")]
    Duration {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        text: String,
        /// The cause.
        #[source]
        source: humantime::DurationError,
    },
    /// A value is out of bounds.
    #[error("{location}: the value `{text}` of `{key}` is not within {bounds}")]
    Bounds {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        text: String,
        /// The bounds, in words.
        bounds: &'static str,
    },
    /// A value is empty.
    #[error("{location}: the value of `{key}` is empty")]
    Empty {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
    },
    /// A folder is empty, absolute or leads out of the project, or two folders are the same.
    #[error("{location}: the value `{}` of `{key}` is not a separate folder inside the project", folder.display())]
    Folder {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        folder: PathBuf,
    },
    /// A folder of code is empty, absolute or leads out of the project.
    #[error("{location}: the value `{}` of `check.code` is not a folder inside the project", folder.display())]
    Code {
        /// The position in the file.
        location: Location,
        /// The value that was given.
        folder: PathBuf,
    },
    /// The name of the app is not valid.
    #[error("{location}: the value of `app` is not valid: {source}")]
    App {
        /// The position in the file.
        location: Location,
        /// The cause.
        #[source]
        source: InvalidAppName,
    },
    /// A value is not the name of a scheme.
    #[error("{location}: the value `{text}` of `release.scheme` is not one of {}", Scheme::ALL.map(|scheme| format!("`{}`", scheme.name())).join(", "))]
    Scheme {
        /// The position in the file.
        location: Location,
        /// The value that was given.
        text: String,
    },
    /// A value is not a valid release.
    #[error("{location}: the value `{text}` of `{key}` is not a valid release: {source}")]
    Release {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        text: String,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
    /// A value is a pre-release, which counts as its release.
    #[error("{location}: the value `{release}` of `{key}` is a pre-release; write `{}`", release.gating())]
    PreRelease {
        /// The position in the file.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        release: Release,
    },
    /// A release is in the list twice.
    #[error("{location}: `{release}` is in `{key}` twice")]
    Twice {
        /// The position of the second one.
        location: Location,
        /// The setting.
        key: &'static str,
        /// The value that was given.
        release: Release,
    },
}

impl SettingsError {
    /// The position in the file.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::Yaml(error) => error.location(),
            Self::Duration { location, .. }
            | Self::Bounds { location, .. }
            | Self::Empty { location, .. }
            | Self::Folder { location, .. }
            | Self::Code { location, .. }
            | Self::App { location, .. }
            | Self::Scheme { location, .. }
            | Self::Release { location, .. }
            | Self::PreRelease { location, .. }
            | Self::Twice { location, .. } => location,
        }
    }

    /// The next thing to do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the settings, then run `handover check`".to_owned())
    }
}
