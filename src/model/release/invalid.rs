//! The reasons why a text is not a valid release.

use super::scheme::Scheme;

/// The reason why a text is not a valid release.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRelease {
    /// The text is empty.
    #[error("the version is empty")]
    Empty,
    /// The text has build metadata, which has no order.
    #[error("`{text}` has build metadata, which does not order releases")]
    BuildMetadata {
        /// The text that was given.
        text: String,
    },
    /// The text is not a release of the scheme.
    #[error("`{}` is not a version of the form {}", text.escape_debug(), scheme.form())]
    Version {
        /// The text that was given.
        text: String,
        /// The scheme that it should be of.
        scheme: Scheme,
    },
}

impl InvalidRelease {
    /// The scheme that the text should be of.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Version { scheme, .. } => *scheme,
            Self::Empty | Self::BuildMetadata { .. } => Scheme::default(),
        }
    }
}
