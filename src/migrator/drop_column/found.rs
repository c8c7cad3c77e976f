//! What the survey has found of the column.

use super::needs::is_null;
use crate::database::catalog::Column;

/// The column, as far as a drop depends on it.
pub(super) struct Found {
    /// The schema; `None` where a table has only one.
    pub schema: Option<String>,
    /// The column.
    pub column: Column,
}

impl Found {
    /// Returns true if an insert cannot leave the column out.
    pub fn needs_relaxing(&self) -> bool {
        let Column { not_null, default, computed, identity, .. } = &self.column;
        let has_default = default.as_deref().is_some_and(|default| !is_null(default));
        *not_null && !has_default && !computed && identity.is_none()
    }
}
