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
        *not_null && default.is_none() && !computed && identity.is_none()
    }
}
