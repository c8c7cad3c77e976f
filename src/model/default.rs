use serde::{Deserialize, Serialize};

/// A column's default that gives another value each time it is computed, such as a random UUID.
/// The database would give the column and its copy a value each, so while there are two of them
/// it is sent with each statement that leaves the column out (protocol, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputedDefault {
    /// The expression, as the catalog of the database has it.
    pub sql: String,
    /// Whether the column refuses NULL: SQLite's `REPLACE` then takes the default instead.
    pub not_null: bool,
}
