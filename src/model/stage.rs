//! The stages of a change.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Deploy;

/// One migration file of a change; the stages of a change run in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Adds what the next release needs, without any effect on running code.
    Expand,
    /// Copies the data and proves the copy, once every process writes both columns.
    Backfill,
    /// Removes what no process uses any more.
    Contract,
    /// Deletes the values that a contract has kept aside.
    Purge,
}

impl Stage {
    /// Every stage, in running order.
    pub const ALL: [Self; 4] = [Self::Expand, Self::Backfill, Self::Contract, Self::Purge];

    /// The word used in files, commands and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expand => "expand",
            Self::Backfill => "backfill",
            Self::Contract => "contract",
            Self::Purge => "purge",
        }
    }

    /// The time at which this stage runs, relative to rolling out its release's code.
    #[must_use]
    pub const fn deploy(self) -> Deploy {
        match self {
            Self::Expand => Deploy::Pre,
            Self::Backfill | Self::Contract | Self::Purge => Deploy::Post,
        }
    }

    /// Returns true if the stage can be undone: no value is gone after it.
    #[must_use]
    pub const fn can_be_undone(self) -> bool {
        !matches!(self, Self::Purge)
    }

    /// The stage with this word, or `None` if there is no such stage.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
