//! The time of a migration: before or after the release's code is deployed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The time at which a migration runs: before the release's code is rolled out, or after every
/// process runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deploy {
    /// Before the code is rolled out.
    Pre,
    /// After every running process has the release.
    Post,
}

impl Deploy {
    /// The word used in files and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Post => "post",
        }
    }
}

impl fmt::Display for Deploy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-deploy", self.as_str())
    }
}
