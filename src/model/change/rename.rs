use std::fmt;

use super::course::{Course, Leg};
use crate::model::{Identifier, Stage, State, TableName};

/// The two names of a column that is renamed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rename {
    /// The table.
    pub table: TableName,
    /// The column's name before the rename.
    pub from: Identifier,
    /// The column's name after the rename.
    pub to: Identifier,
}

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
    contract_may_join: false,
    moves_name: false,
};

impl Rename {
    /// Returns true if both renames use the same column of the same table. Where the files cannot
    /// tell (the names differ only in case, or only one of them names a schema), returns true.
    #[must_use]
    pub fn shares_column(&self, other: &Self) -> bool {
        let same =
            |a: &Identifier, b: &Identifier| a.as_str().to_lowercase() == b.as_str().to_lowercase();
        let schema = match (&self.table.schema, &other.table.schema) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
        schema
            && same(&self.table.name, &other.table.name)
            && [&self.from, &self.to]
                .iter()
                .any(|column| same(column, &other.from) || same(column, &other.to))
    }
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} -> {}", self.table, self.from, self.to)
    }
}
