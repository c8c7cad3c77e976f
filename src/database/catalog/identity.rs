use serde::{Deserialize, Serialize};

use crate::model::Numbering;

/// How the database numbers the rows of a table by one of its columns (PostgreSQL's
/// `GENERATED … AS IDENTITY`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Whether an insert may say another number.
    pub numbering: Numbering,
    /// The sequence as SQL, with its schema.
    pub sequence: String,
    /// What the sequence was made with, as SQL: `START WITH 1 INCREMENT BY 1 …`.
    pub options: String,
    /// The numbers that a session takes at a time.
    pub cache: i64,
    /// The comment of the sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The statements that give others the right to use the sequence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
}

impl Identity {
    /// The expression for the next number, as SQL. The sequence is looked up when that is computed:
    /// a statement that waits while it is made again for another column finds the new one.
    #[must_use]
    pub fn next(&self) -> String {
        format!("nextval('{}'::text::regclass)", self.sequence.replace('\'', "''"))
    }

    /// The clause that makes a column one by which rows are numbered.
    #[must_use]
    pub fn clause(&self) -> String {
        let kind = match self.numbering {
            Numbering::Always => "ALWAYS",
            Numbering::ByDefault => "BY DEFAULT",
        };
        let Self { sequence, options, .. } = self;
        format!("GENERATED {kind} AS IDENTITY (SEQUENCE NAME {sequence} {options})")
    }
}
