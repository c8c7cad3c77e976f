//! The states of a change, and which column is read and written in each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The progress of a change in a database. The shim acts on it. Which states a kind of change has, and
/// in which order, is its [`Course`](super::Course).
///
/// Instances hold at most two adjacent states at a time (the two-version rule of Rae et al.,
/// "Online, Asynchronous Schema Change in F1", VLDB 2013).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only `from` exists; it is read and written.
    Pending,
    /// One of both exists, and every process accepts either: it may be renamed at any moment.
    Announced,
    /// Both exist; `from` is read, both are written.
    DualWrite,
    /// Both exist and are proven equal; `to` is read, both are written.
    ReadTo,
    /// Both exist; only `to` is read and written; `from` may be left out of an insert.
    WriteTo,
    /// Only `to` exists.
    Contracted,
    /// `from` exists and may be left out of an insert; `*` does not show it.
    Ignored,
    /// Neither exists.
    Purged,
}

/// One of the two columns of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The column's name before the rename.
    From,
    /// The column's name after the rename.
    To,
}

/// A set of the two columns of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Columns {
    /// True if the set contains `from`.
    pub from: bool,
    /// True if the set contains `to`.
    pub to: bool,
}

impl Columns {
    const FROM: Self = Self { from: true, to: false };
    const TO: Self = Self { from: false, to: true };
    const BOTH: Self = Self { from: true, to: true };
    const NONE: Self = Self { from: false, to: false };
}

/// A text is not one of the states.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid state of a change", text.escape_debug())]
pub struct InvalidState {
    /// The text that was given.
    pub text: String,
}

impl State {
    /// The states of a rename, in which a column has two names: those of a copy in their order, then the
    /// one of a rename in place.
    pub const OF_A_RENAME: [Self; 6] = [
        Self::Pending,
        Self::DualWrite,
        Self::ReadTo,
        Self::WriteTo,
        Self::Contracted,
        Self::Announced,
    ];

    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::DualWrite,
        Self::ReadTo,
        Self::WriteTo,
        Self::Contracted,
        Self::Announced,
        Self::Ignored,
        Self::Purged,
    ];

    /// The word used in the database, in commands and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Announced => "announced",
            Self::DualWrite => "dual_write",
            Self::ReadTo => "read_to",
            Self::WriteTo => "write_to",
            Self::Contracted => "contracted",
            Self::Ignored => "ignored",
            Self::Purged => "purged",
        }
    }

    /// The physical columns that exist. In `announced`, `from` stands for whichever of both is there.
    #[must_use]
    pub const fn columns(self) -> Columns {
        match self {
            Self::Pending | Self::Announced | Self::Ignored => Columns::FROM,
            Self::DualWrite | Self::ReadTo | Self::WriteTo => Columns::BOTH,
            Self::Contracted => Columns::TO,
            Self::Purged => Columns::NONE,
        }
    }

    /// The column that reads use: R in the table of states.
    #[must_use]
    pub const fn reads(self) -> Side {
        match self {
            Self::Pending | Self::Announced | Self::DualWrite | Self::Ignored => Side::From,
            Self::ReadTo | Self::WriteTo | Self::Contracted | Self::Purged => Side::To,
        }
    }

    /// The columns that writes set: W in the table of states.
    #[must_use]
    pub const fn writes(self) -> Columns {
        match self {
            Self::Pending | Self::Announced | Self::Ignored => Columns::FROM,
            Self::DualWrite | Self::ReadTo => Columns::BOTH,
            Self::WriteTo | Self::Contracted => Columns::TO,
            Self::Purged => Columns::NONE,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = InvalidState;
    fn from_str(text: &str) -> Result<Self, InvalidState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| InvalidState { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_instance_reads_and_writes_exists_in_its_state() {
        for state in State::ALL.into_iter().filter(|state| *state != State::Purged) {
            let (exist, writes) = (state.columns(), state.writes());
            assert!(exist.from || !writes.from, "{state}");
            assert!(exist.to || !writes.to, "{state}");
            match state.reads() {
                Side::From => assert!(writes.from, "{state} reads a column it does not write"),
                Side::To => assert!(writes.to, "{state} reads a column it does not write"),
            }
        }
    }
}
