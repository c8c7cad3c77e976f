//! Maps a join in parentheses that has a name of its own, which hides the names of its tables.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT t.name FROM (users JOIN posts ON id = author) AS t(id, name)
//! -- becomes
//! SELECT t.name
//! FROM ((SELECT "id", "username" AS "handle", "email" FROM users) AS users
//!     JOIN posts ON id = author) AS t(id, name)
//! ```

use sqlparser::ast::{TableAlias, TableWithJoins};

use super::expand_star::expose;
use crate::Dialect;
use crate::shim::rewrite::resolve::{Ctes, Outputs, Relation, RelationKind, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps the join, and gives the relation that it is. Its columns are those of its tables in order,
    /// so each mapped table becomes a subquery of the columns that the code knows.
    pub(super) fn aliased_join(
        &mut self,
        join: &TableWithJoins,
        alias: &TableAlias,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result<Relation<'a>> {
        let mut inner = Scope {
            outer: scope.outer,
            has_star: true,
            is_select: scope.is_select,
            ..Scope::default()
        };
        self.joined(join, true, &mut inner, ctes)?;
        if self.dialect == Dialect::Sqlite {
            self.late_conditions(join, &inner, ctes)?;
        }
        let mut outputs = Outputs { open: inner.has_merged_columns, ..Outputs::default() };
        for relation in &inner.relations {
            if matches!(relation.kind, RelationKind::Mapped(_) | RelationKind::Pending) {
                return Err(RewriteError::unsupported("a join with a name of its own"));
            }
            expose(relation, &mut outputs);
        }
        self.relation_of(None, Some(alias), RelationKind::Derived(outputs))
    }
}
