//! What the migrator records of a column before it changes the column.

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::constraint::Constraint;
use super::index::Index;

/// The definition of a column that the migrator records before it changes the column, so that a
/// rollback can restore it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The column.
    pub column: Column,
    /// The indexes that it is in.
    pub indexes: Vec<Index>,
    /// The same indexes on the other column, under the names that they have or will be built with.
    pub twins: Vec<Index>,
    /// The schema of the table: without it, the name may mean another table in another session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The checks and foreign keys that use it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// The objects that the user has looked at and allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}
