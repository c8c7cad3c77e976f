//! Maps a `FROM` list, and puts its tables in scope.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT u.handle FROM users AS u, LATERAL (SELECT u.handle AS h) AS x
//! -- becomes
//! SELECT u."username" AS "handle" FROM users AS u, LATERAL (SELECT u."username" AS h) AS x
//! ```

use sqlparser::ast::{Expr, TableFactor, TableSampleKind, TableVersion, TableWithJoins};

use super::naming::Naming;
use crate::Dialect;
use crate::shim::rewrite::resolve::{Ctes, Env, ExprContext, RelationKind, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Adds the relations of a `FROM` list to a scope, mapping the expressions in it.
    pub(crate) fn from(
        &mut self,
        tables: &[TableWithJoins],
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        tables.iter().try_for_each(|table| self.joined(table, false, scope, ctes))?;
        if self.dialect == Dialect::Sqlite {
            tables.iter().try_for_each(|table| self.late_conditions(table, scope, ctes))?;
        }
        Ok(())
    }

    /// Tables that are joined; `within` others that are joined by name.
    pub(crate) fn joined(
        &mut self,
        table: &TableWithJoins,
        within: bool,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        let first = scope.relations.len();
        let by_name = within || self.joins_by_name(table, scope.has_star);
        self.factor(&table.relation, by_name, scope, ctes)?;
        self.substitute_subquery(&table.relation, by_name, scope)?;
        for join in &table.joins {
            self.factor(&join.relation, by_name, scope, ctes)?;
            self.substitute_subquery(&join.relation, by_name, scope)?;
            self.join(join, first, scope, ctes)?;
        }
        Ok(())
    }

    fn factor(
        &mut self,
        factor: &TableFactor,
        by_name: bool,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        let relation = match factor {
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                return self.joined(table_with_joins, by_name, scope, ctes);
            }
            TableFactor::NestedJoin { table_with_joins, alias: Some(alias) } => {
                self.aliased_join(table_with_joins, alias, scope, ctes)?
            }
            TableFactor::Table { args: None, name, alias, sample, with_hints, version, .. } => {
                check_no_hints(with_hints, version.as_ref())?;
                self.sample(sample.as_ref(), scope, ctes)?;
                self.table(name, alias.as_ref(), ctes)?
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                self.sample(sample.as_ref(), scope, ctes)?;
                let outer = if *lateral { Some(&*scope) } else { scope.outer };
                let env = Env { outer, ctes: ctes.clone() };
                let outputs = self.query(subquery, env, Naming::Seen)?;
                self.relation_of(None, alias.as_ref(), RelationKind::Derived(outputs))?
            }
            factor => self.table_function(factor, scope, ctes)?,
        };
        scope.relations.push(relation);
        Ok(())
    }

    pub(super) fn sample(
        &mut self,
        sample: Option<&TableSampleKind>,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        let Some(
            TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample),
        ) = sample
        else {
            return Ok(());
        };
        let context = ExprContext::new(scope, ctes);
        self.exprs(sample.quantity.as_ref().map(|quantity| &quantity.value), context)?;
        self.exprs(&sample.offset, context)?;
        self.exprs(sample.bucket.as_ref().and_then(|bucket| bucket.on.as_ref()), context)
    }
}

/// Refuses what only other databases have behind a table's name.
pub(super) fn check_no_hints(hints: &[Expr], version: Option<&TableVersion>) -> Result {
    if hints.is_empty() && version.is_none() {
        return Ok(());
    }
    Err(RewriteError::unsupported("a table with hints or a version"))
}
