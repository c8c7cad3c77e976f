//! A change of type: its course, and how values are converted.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::course::{Course, Leg, MayJoin};
use crate::model::{ColumnPair, Stage, State};

/// The course of a change of type: a second column of the new type is added, filled and proven equal;
/// the first one is dropped, and the second one gets its name.
pub(super) const BY_CONVERSION: Course = Course {
    legs: &[
        Leg { stage: Stage::Expand, ends_in: State::DualWrite },
        Leg { stage: Stage::Backfill, ends_in: State::ReadTo },
        Leg { stage: Stage::Contract, ends_in: State::Contracted },
    ],
    states: &[
        State::Pending,
        State::DualWrite,
        State::ReadTo,
        State::WriteTo,
        State::Announced,
        State::Contracted,
    ],
    states_unrelaxed: &[
        State::Pending,
        State::DualWrite,
        State::ReadTo,
        State::Announced,
        State::Contracted,
    ],
    proofs: &[(State::DualWrite, State::ReadTo), (State::ReadTo, State::DualWrite)],
    contract_may_join: MayJoin::Never,
    moves_name: true,
    drops: false,
    keeps_name: true,
    may_be_at_once: true,
};

/// A change of a column's type, as a file declares it. In `columns`, `from` is the column, and `to` the
/// name of the second column while there are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retype {
    /// The column, and the second column.
    pub columns: ColumnPair,
    /// The new type, as SQL.
    pub sql_type: String,
    /// The expressions, if they are not casts.
    pub expressions: Option<Expressions>,
}

/// What only some kinds of change have, beside the columns: the new type, and how values get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    /// The new type, as SQL.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// The expressions, if they are not casts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expressions: Option<Expressions>,
}

/// Two SQL expressions that convert a value in both directions. In each of them, the name of the column
/// stands for the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expressions {
    /// From the earlier type to the new one.
    pub using: String,
    /// From the new type to the earlier one.
    pub back: String,
}

/// The conversion between the two types of a column, as expand found it on this database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The earlier type, as the catalog writes it.
    pub from_type: String,
    /// The new type, as the catalog writes it.
    pub to_type: String,
    /// The expressions, with casts where the file has none.
    pub expressions: Expressions,
    /// True if the database changed the type of the column itself, at once.
    pub at_once: bool,
}

impl fmt::Display for Retype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} to {}", self.columns.table, self.columns.from, self.sql_type)
    }
}

impl Retype {
    /// Writes the second column and the expressions.
    pub(super) fn fmt_way(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " by way of {}", self.columns.to)?;
        match &self.expressions {
            Some(Expressions { using, back }) => write!(f, ", using `{using}`, back `{back}`"),
            None => Ok(()),
        }
    }
}
