//! The identity of a column: how PostgreSQL numbers its rows.

use serde::{Deserialize, Serialize};

use crate::model::Numbering;

/// The identity of a column (PostgreSQL's `GENERATED … AS IDENTITY`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The kind of identity: it decides if an insert may give a number of its own.
    pub numbering: Numbering,
    /// The sequence as SQL, with its schema.
    pub sequence: String,
    /// The options of the sequence, as SQL: `START WITH 1 INCREMENT BY 1 …`.
    pub options: String,
    /// The number of values that a session reserves at a time.
    pub cache: i64,
    /// The comment of the sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The statements that grant others privileges on the sequence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
}

impl Identity {
    /// The expression for the next number, as SQL. It looks the sequence up when it is computed: so
    /// a statement that waits while the sequence is made again for another column finds the new
    /// one.
    #[must_use]
    pub fn next(&self) -> String {
        format!("nextval('{}'::text::regclass)", self.sequence.replace('\'', "''"))
    }

    /// The clause that makes a column an identity column.
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
