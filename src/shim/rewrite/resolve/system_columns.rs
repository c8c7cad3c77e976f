//! Columns that the database gives every table, such as `ctid` or `rowid`.

use super::output_columns::Exposed;
use super::scope::{Relation, RelationKind};
use crate::Dialect;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl Rewriter<'_> {
    /// Returns true if the database gives every table a column of this name.
    pub(super) fn is_of_system(&self, name: &str) -> bool {
        let of_system: &[&str] = match self.dialect {
            Dialect::Postgres => &["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"],
            Dialect::Sqlite => &["rowid", "oid", "_rowid_"],
            Dialect::MariaDb => &[],
        };
        of_system.iter().any(|own| self.dialect.same_column(own, name))
    }

    /// Refuses such a column of a table for which a subquery is substituted: it has none.
    pub(super) fn check_not_of_system(&self, name: &str, relations: &[Relation<'_>]) -> Result {
        let hidden = |relation: &Relation<'_>| match &relation.kind {
            RelationKind::Derived(outputs) if relation.is_substituted => {
                matches!(outputs.find(self.dialect, name), Exposed::Missing)
            }
            _ => false,
        };
        if self.is_of_system(name) && relations.iter().any(hidden) {
            return Err(RewriteError::unsupported(format!(
                "`{name}` of a table that is joined by name or used as a whole row"
            )));
        }
        Ok(())
    }
}
