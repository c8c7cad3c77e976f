//! The course of a rename in place.

use super::course::{Course, Leg, MayJoin};
use crate::model::{Stage, State};

/// The course of a rename in place: every process accepts both names, then the column itself is
/// renamed.
pub(super) const IN_PLACE: Course = Course {
    legs: &[
        Leg { stage: Stage::Expand, ends_in: State::Announced },
        Leg { stage: Stage::Contract, ends_in: State::Contracted },
    ],
    states: &[State::Pending, State::Announced, State::Contracted],
    states_unrelaxed: &[State::Pending, State::Announced, State::Contracted],
    proofs: &[],
    contract_may_join: MayJoin::Always,
    moves_name: true,
    drops: false,
    keeps_name: false,
    may_be_at_once: false,
};
