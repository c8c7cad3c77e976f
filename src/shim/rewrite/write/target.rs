//! The table that a statement writes to.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users AS u SET email = $1 WHERE u.handle = $2
//! -- becomes
//! UPDATE users AS u SET email = $1 WHERE u."username" = $2
//! ```

use sqlparser::ast::{Insert, ObjectName, TableFactor, TableWithJoins};

use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::resolve::{Ctes, Relation, Scope};
use crate::shim::rewrite::{Result, Rewriter};

/// The table that the columns of a `SET` list belong to.
#[derive(Clone, Copy)]
pub(super) enum SetTarget<'m> {
    /// One table; `None` where it is not mapped.
    Table(Option<&'m MappedTable>),
    /// As `Table`, where a query in the statement may be of the same table: MariaDB then computes
    /// all values before it sets any, or takes the column for the query's.
    AlsoRead(Option<&'m MappedTable>),
    /// Any table in scope, in no certain order: MySQL's `UPDATE` of several.
    Several,
}

impl<'a> Rewriter<'a> {
    /// The scope of a statement's target alone.
    pub(super) fn scope_of_target<'s>(scope: &Scope<'s, 'a>) -> Scope<'s, 'a> {
        let relations = scope.relations.first().cloned().into_iter().collect();
        Scope { outer: scope.outer, relations, ..Scope::default() }
    }

    /// Adds the table that a statement changes, which no common table expression can shadow.
    pub(super) fn target(
        &mut self,
        table: &TableWithJoins,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        match &table.relation {
            TableFactor::Table { name, alias, args: None, with_hints, version: None, .. }
                if table.joins.is_empty() && with_hints.is_empty() =>
            {
                let relation = self.base_table(name, alias.as_ref())?;
                scope.relations.push(relation);
                Ok(())
            }
            _ => self.joined(table, false, scope, ctes),
        }
    }

    pub(super) fn insert_target(
        &mut self,
        insert: &Insert,
        name: &ObjectName,
    ) -> Result<Relation<'a>> {
        let mut relation = self.base_table(name, None)?;
        if let Some(alias) = &insert.table_alias {
            if !alias.explicit {
                self.check_alias(&alias.alias)?;
            }
            self.leave_unchanged(&alias.alias)?;
            relation.name = Some(self.fold(&alias.alias).into_owned());
            relation.schema = None;
            relation.aliased = true;
            relation.source = self.idents_range(&[&alias.alias]);
        }
        Ok(relation)
    }
}
