//! Maps the conditions of joins.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT title FROM posts JOIN users ON author = users.handle
//! -- becomes
//! SELECT title FROM posts JOIN users ON author = users."username"
//! ```

use sqlparser::ast::{Join, JoinConstraint, TableFactor, TableWithJoins};

use super::join_using::{constraint, may_have_renamed};
use crate::Dialect;
use crate::shim::rewrite::resolve::{Ctes, ExprContext, Scope, idents};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    pub(crate) fn join(
        &mut self,
        join: &Join,
        first: usize,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        match constraint(join)? {
            JoinConstraint::None => Ok(()),
            JoinConstraint::On(_) if self.dialect == Dialect::Sqlite => Ok(()),
            JoinConstraint::On(on) => self.expr(on, ExprContext::new(scope, ctes)),
            JoinConstraint::Natural => {
                scope.has_merged_columns = true;
                if self.may_differ(&scope.relations[first..]) {
                    return Err(RewriteError::unsupported("NATURAL JOIN; write the condition"));
                }
                Ok(())
            }
            JoinConstraint::Using(columns) => {
                scope.has_merged_columns = true;
                for column in columns {
                    let name = idents(column).and_then(|parts| parts.last().copied());
                    let folded = name.map(|name| self.fold(name));
                    let named = folded.as_ref().is_none_or(|name| self.is_mapped_column(name));
                    let certain = folded.as_ref().is_some_and(|name| self.is_code_name(name));
                    let relations = &scope.relations[first..];
                    if named && may_have_renamed(relations) && !certain
                        || named && self.may_differ(relations)
                    {
                        return Err(RewriteError::unsupported(
                            "USING a name that is not the code's; write ON",
                        ));
                    }
                    self.leave_name_unchanged(column)?;
                }
                Ok(())
            }
        }
    }

    /// SQLite finds a name in a condition in tables that are joined after it, too.
    pub(super) fn late_conditions(
        &mut self,
        table: &TableWithJoins,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        let factors =
            std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation));
        for factor in factors {
            if let TableFactor::NestedJoin { table_with_joins, alias: None } = factor {
                self.late_conditions(table_with_joins, scope, ctes)?;
            }
        }
        for join in &table.joins {
            if let JoinConstraint::On(on) = constraint(join)? {
                self.expr(on, ExprContext::new(scope, ctes))?;
            }
        }
        Ok(())
    }
}
