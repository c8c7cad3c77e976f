//! The course of a rename by a copy of the column.

use super::course::{Course, Leg, MayJoin};
use crate::model::{Stage, State};

/// The course of a rename by a copy of the column: a second column is added, filled and proven equal,
/// and in the end the first one is dropped.
pub(super) const BY_COPY: Course = Course {
    legs: &[
        Leg { stage: Stage::Expand, ends_in: State::DualWrite },
        Leg { stage: Stage::Backfill, ends_in: State::ReadTo },
        Leg { stage: Stage::Contract, ends_in: State::Contracted },
    ],
    states: &[State::Pending, State::DualWrite, State::ReadTo, State::WriteTo, State::Contracted],
    states_unrelaxed: &[State::Pending, State::DualWrite, State::ReadTo, State::Contracted],
    proofs: &[
        (State::DualWrite, State::ReadTo),
        (State::ReadTo, State::DualWrite),
        (State::ReadTo, State::Contracted),
        (State::Contracted, State::ReadTo),
    ],
    contract_may_join: MayJoin::IfNotSemver,
    moves_name: false,
    drops: false,
    keeps_name: false,
    may_be_at_once: false,
};
