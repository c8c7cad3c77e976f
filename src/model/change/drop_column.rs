//! The course of a drop.

use super::course::{Course, Leg, MayJoin};
use crate::model::{Stage, State};

/// The course of dropping a column: the code does without it for a release, then the column is put
/// aside under another name, and in a later release its values are deleted.
pub(super) const DROP: Course = Course {
    legs: &[
        Leg { stage: Stage::Expand, ends_in: State::Ignored },
        Leg { stage: Stage::Contract, ends_in: State::Contracted },
        Leg { stage: Stage::Purge, ends_in: State::Purged },
    ],
    states: &[State::Pending, State::Ignored, State::Contracted, State::Purged],
    states_unrelaxed: &[State::Pending, State::Ignored, State::Contracted, State::Purged],
    proofs: &[],
    contract_may_join: MayJoin::Never,
    moves_name: false,
    drops: true,
    keeps_name: false,
    may_be_at_once: false,
};
