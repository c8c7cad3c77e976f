//! One intended schema change.

use super::course::Course;
use super::{ChangeKind, ChangeName, ColumnPair};

/// One intended schema change; its stages are spread over releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The stable id.
    pub name: ChangeName,
    /// The kind of change, with its tables and columns.
    pub kind: ChangeKind,
}

impl Change {
    /// The column's names.
    #[must_use]
    pub const fn columns(&self) -> &ColumnPair {
        self.kind.columns()
    }

    /// The stages and states of its kind.
    #[must_use]
    pub const fn course(&self) -> &'static Course {
        self.kind.course()
    }
}
