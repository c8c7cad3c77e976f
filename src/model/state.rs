use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The progress of a rename in a database. The shim acts on it.
///
/// Instances hold at most two adjacent states at a time (the two-version rule of Rae et al.,
/// "Online, Asynchronous Schema Change in F1", VLDB 2013).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only `from` exists; it is read and written.
    Pending,
    /// Both exist; `from` is read, both are written.
    DualWrite,
    /// Both exist and are proven equal; `to` is read, both are written.
    ReadTo,
    /// Both exist; only `to` is read and written; `from` may be left out of an insert.
    WriteTo,
    /// Only `to` exists.
    Contracted,
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
}

/// One row of the transition table: a step between two adjacent states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transition {
    /// The state left.
    pub before: State,
    /// The state entered.
    pub after: State,
    /// True if the copy must be proven equal before the new state may be published.
    pub proof: bool,
    /// True if every live instance must have acknowledged `before` first. False only for the first
    /// step, before which only one state has ever been published.
    pub acknowledged: bool,
}

/// A text is not one of the five states.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid state of a change", text.escape_debug())]
pub struct InvalidState {
    /// The text that was given.
    pub text: String,
}

impl State {
    /// Every state, in the order of a rename.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::DualWrite, Self::ReadTo, Self::WriteTo, Self::Contracted];

    /// The word used in the database, in commands and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::DualWrite => "dual_write",
            Self::ReadTo => "read_to",
            Self::WriteTo => "write_to",
            Self::Contracted => "contracted",
        }
    }

    /// The physical columns that exist.
    #[must_use]
    pub const fn columns(self) -> Columns {
        match self {
            Self::Pending => Columns::FROM,
            Self::DualWrite | Self::ReadTo | Self::WriteTo => Columns::BOTH,
            Self::Contracted => Columns::TO,
        }
    }

    /// The column that reads use: R in the table of states.
    #[must_use]
    pub const fn reads(self) -> Side {
        match self {
            Self::Pending | Self::DualWrite => Side::From,
            Self::ReadTo | Self::WriteTo | Self::Contracted => Side::To,
        }
    }

    /// The columns that writes set: W in the table of states.
    #[must_use]
    pub const fn writes(self) -> Columns {
        match self {
            Self::Pending => Columns::FROM,
            Self::DualWrite | Self::ReadTo => Columns::BOTH,
            Self::WriteTo | Self::Contracted => Columns::TO,
        }
    }

    /// The next state on the way to `contracted`. If the database cannot relax a column's
    /// constraints (`relaxes` is false, as on SQLite), `read_to` goes straight to `contracted`.
    #[must_use]
    pub const fn forward(self, relaxes: bool) -> Option<Self> {
        match self {
            Self::Pending => Some(Self::DualWrite),
            Self::DualWrite => Some(Self::ReadTo),
            Self::ReadTo if relaxes => Some(Self::WriteTo),
            Self::ReadTo | Self::WriteTo => Some(Self::Contracted),
            Self::Contracted => None,
        }
    }

    /// The next state on the way back to `pending`: the same steps in reverse, so a database that
    /// cannot relax a column goes from `contracted` straight to `read_to`.
    #[must_use]
    pub const fn back(self, relaxes: bool) -> Option<Self> {
        match self {
            Self::Pending => None,
            Self::DualWrite => Some(Self::Pending),
            Self::ReadTo => Some(Self::DualWrite),
            Self::Contracted if relaxes => Some(Self::WriteTo),
            Self::WriteTo | Self::Contracted => Some(Self::ReadTo),
        }
    }

    /// The transition from this state to `after`, or `None` if there is no such transition. The
    /// migrator and the shim both use this one table (docs/explanation/protocol.md, sections 1 and 2).
    #[must_use]
    pub fn transition(self, after: Self, relaxes: bool) -> Option<Transition> {
        let forward = self.forward(relaxes) == Some(after);
        if !forward && self.back(relaxes) != Some(after) {
            return None;
        }
        let proof = matches!(
            (self, after),
            (Self::DualWrite | Self::Contracted, Self::ReadTo)
                | (Self::ReadTo, Self::DualWrite | Self::Contracted)
        );
        Some(Transition { before: self, after, proof, acknowledged: self != Self::Pending })
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
        for state in State::ALL {
            let (exist, writes) = (state.columns(), state.writes());
            assert!(exist.from || !writes.from, "{state}");
            assert!(exist.to || !writes.to, "{state}");
            match state.reads() {
                Side::From => assert!(writes.from, "{state} reads a column it does not write"),
                Side::To => assert!(writes.to, "{state} reads a column it does not write"),
            }
        }
    }

    #[test]
    fn neighbours_read_what_each_other_writes() {
        for relaxes in [true, false] {
            for before in State::ALL {
                for after in State::ALL {
                    if before.transition(after, relaxes).is_none() {
                        continue;
                    }
                    for (reader, writer) in [(before, after), (after, before)] {
                        let written = writer.writes();
                        let read = match reader.reads() {
                            Side::From => written.from,
                            Side::To => written.to,
                        };
                        // Across the drop of `from` the reader's column is gone: a loud error.
                        let both_exist = reader.columns() == writer.columns();
                        assert!(read || !both_exist, "{reader} misses what {writer} writes");
                    }
                }
            }
        }
    }

    #[test]
    fn every_state_has_a_way_forth_and_back() {
        for relaxes in [true, false] {
            let mut state = State::Pending;
            while let Some(next) = state.forward(relaxes) {
                assert!(state.transition(next, relaxes).is_some());
                state = next;
            }
            assert_eq!(state, State::Contracted);
            while let Some(next) = state.back(relaxes) {
                assert!(state.transition(next, relaxes).is_some());
                state = next;
            }
            assert_eq!(state, State::Pending);
        }
    }

    #[test]
    fn no_state_is_skipped() {
        assert_eq!(State::Pending.transition(State::ReadTo, true), None);
        assert_eq!(State::Contracted.transition(State::ReadTo, true), None);
        assert_eq!(State::DualWrite.transition(State::WriteTo, true), None);
        assert_eq!(State::ReadTo.transition(State::Contracted, true), None);
        assert!(State::ReadTo.transition(State::Contracted, false).is_some());
        assert_eq!(State::ReadTo.transition(State::Pending, true), None);
    }
}
