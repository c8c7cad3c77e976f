//! The result of a rewrite: the text to send, and what the parser found in the text.

use crate::model::ChangeName;
use crate::shim::table_set::TableSet;

/// A statement as it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewrite {
    /// As it was.
    Untouched,
    /// With another text.
    Edited {
        /// The new text.
        sql: String,
        /// For each positional placeholder (`?`) of the new text, in order, which of the original
        /// values it takes, counted from 0. `None` where they are as they were, and always on
        /// PostgreSQL, whose `$1` is simply used again.
        values: Option<Vec<usize>>,
    },
}

/// A statement as it is to be sent, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// The text to send.
    pub rewrite: Rewrite,
    /// The properties that the parser found; `None` if the text names no mapped table, as it is not parsed then.
    pub properties: Option<TextProperties>,
    /// The changes that are about to drop a column that the text names.
    pub names_dropped: Vec<ChangeName>,
}

/// Properties that the parser found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextProperties {
    /// The number of statements.
    pub statements: usize,
    /// An `INSERT` has `ON CONFLICT` or `ON DUPLICATE KEY UPDATE`.
    pub has_upsert: bool,
    /// The tables that it surely opens, of those whose columns may be renamed.
    pub opens: TableSet,
    /// A statement that fails may keep a part of its effect: SQLite's `OR FAIL`, or a block.
    pub keeps_partial_effect: bool,
}

impl TextProperties {
    /// Returns true if a text that the database refuses has had no effect, so that it may be sent
    /// again. Of several statements the first ones may have had theirs.
    #[must_use]
    pub const fn is_atomic(self) -> bool {
        self.statements <= 1 && !self.keeps_partial_effect
    }
}
