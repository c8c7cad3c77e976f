use std::path::PathBuf;

use crate::manifest::{Place, YamlError};

/// Why `handover.yml` was not understood.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// The file is not the YAML of the settings.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A value is no duration such as `50ms`.
    #[error("{place}: the value `{text}` of `{key}` is no duration such as `50ms` or `15s`")]
    Duration {
        /// Where.
        place: Place,
        /// Which setting.
        key: &'static str,
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: humantime::DurationError,
    },
    /// A value is outside of its bounds.
    #[error("{place}: the value `{text}` of `{key}` is not within {bounds}")]
    Bounds {
        /// Where.
        place: Place,
        /// Which setting.
        key: &'static str,
        /// What was given.
        text: String,
        /// The bounds, in words.
        bounds: &'static str,
    },
    /// A folder is empty, absolute or leads out of the project, or two folders are the same.
    #[error("{place}: the value `{}` of `{key}` is no folder of its own inside the project", folder.display())]
    Folder {
        /// Where.
        place: Place,
        /// Which setting.
        key: &'static str,
        /// What was given.
        folder: PathBuf,
    },
}

impl SettingsError {
    /// The one thing to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some("correct the settings, then run `handover check`".to_owned())
    }
}
