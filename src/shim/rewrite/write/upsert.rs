//! Maps `ON CONFLICT` and `ON DUPLICATE KEY UPDATE`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! INSERT INTO users (handle)
//! VALUES ($1)
//! ON CONFLICT (handle) DO UPDATE
//! SET handle = excluded.handle
//! -- becomes
//! INSERT INTO users ("handle", "username")
//! VALUES ($1, $1)
//! ON CONFLICT ("username") DO UPDATE
//! SET "handle" = excluded."username", "username" = excluded."username"
//! ```

use sqlparser::ast::{
    ConflictTarget, Insert, OnConflict, OnConflictAction, OnInsert, SetExpr, TableFactor,
};

use super::target::SetTarget;
use crate::Dialect;
use crate::shim::rewrite::resolve::{Ctes, ExprContext, Relation, RelationKind, Scope, idents};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps `ON CONFLICT` or `ON DUPLICATE KEY UPDATE`.
    pub(super) fn upsert(
        &mut self,
        insert: &Insert,
        target: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Result {
        let mut scope = Self::scope_of_target(target);
        let table = target.mapped().next();
        if let Some(row) = self.inserted_row(insert, &scope)? {
            scope.relations.push(row);
        }
        self.has_upsert |= insert.on.is_some();
        match &insert.on {
            None => Ok(()),
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
                if insert.source.as_ref().is_some_and(|s| s.body.as_select().is_some()) {
                    // MySQL lets the assignments name the columns of the query too.
                    scope.relations.push(unknown_relation());
                }
                let itself = insert.source.as_ref().is_some_and(|source| {
                    let name = scope.relations.first().and_then(|target| target.name.as_deref());
                    name.is_some_and(|name| self.reads_from(&source.body, name))
                });
                let context = ExprContext::new(&scope, ctes);
                let target =
                    if itself { SetTarget::AlsoRead(table) } else { SetTarget::Table(table) };
                self.assignments(assignments, target, context)
            }
            Some(OnInsert::OnConflict(OnConflict { conflict_target, action })) => {
                if let Some(clause) = self.inference_clauses.pop_front().flatten() {
                    let alone = Self::scope_of_target(target);
                    let context = ExprContext::new(&alone, ctes);
                    self.exprs(&clause.expressions, context)?;
                    self.exprs(&clause.predicate, context)?;
                }
                match conflict_target {
                    Some(ConflictTarget::Columns(columns)) => {
                        for ident in columns {
                            self.leave_unchanged(ident)?;
                            let name = self.fold(ident);
                            let pair = table.and_then(|table| table.column(self.dialect, &name));
                            if let Some(pair) = pair {
                                self.rename(ident, pair.read(), None)?;
                            }
                        }
                    }
                    Some(ConflictTarget::OnConstraint(name)) => self.leave_name_unchanged(name)?,
                    None => {}
                }
                let OnConflictAction::DoUpdate(update) = action else { return Ok(()) };
                let context = ExprContext::new(&scope, ctes);
                self.assignments(&update.assignments, SetTarget::Table(table), context)?;
                self.exprs(&update.selection, context)
            }
            Some(_) => Err(RewriteError::unsupported("an INSERT with this clause")),
        }
    }

    /// Returns true if a query has a table of this name in its `FROM`.
    pub(crate) fn reads_from(&self, body: &SetExpr, name: &str) -> bool {
        let SetExpr::Select(select) = body else { return false };
        let named = |table: &TableFactor| match table {
            TableFactor::Table { name: own, alias, .. } => {
                let last = idents(own).and_then(|parts| parts.last().copied());
                let visible = alias.as_ref().map(|alias| &alias.name).or(last);
                visible.is_some_and(|own| self.dialect.same_column(&self.fold(own), name))
            }
            TableFactor::Derived { alias, .. } => alias
                .as_ref()
                .is_some_and(|alias| self.dialect.same_column(&self.fold(&alias.name), name)),
            _ => true,
        };
        select.from.iter().any(|table| {
            named(&table.relation) || table.joins.iter().any(|join| named(&join.relation))
        })
    }

    /// The row that could not be inserted: `excluded`, or the alias that MySQL gives it.
    fn inserted_row(
        &mut self,
        insert: &Insert,
        target: &Scope<'_, 'a>,
    ) -> Result<Option<Relation<'a>>> {
        let Some(table) = target.relations.first() else { return Ok(None) };
        let name = if self.dialect == Dialect::MariaDb {
            let Some(alias) = &insert.insert_alias else { return Ok(None) };
            if alias.col_aliases.as_ref().is_some_and(|columns| !columns.is_empty()) {
                return Err(RewriteError::unsupported("new column names for an inserted row"));
            }
            self.leave_name_unchanged(&alias.row_alias)?;
            let parts = idents(&alias.row_alias).unwrap_or_default();
            parts.last().map(|ident| self.fold(ident).into_owned())
        } else {
            Some("excluded".to_owned())
        };
        Ok(Some(Relation {
            name,
            schema: None,
            aliased: true,
            source: 0..0,
            kind: table.kind.clone(),
            qualified_only: true,
            is_substituted: false,
            has_column_aliases: false,
        }))
    }
}

/// Tables whose columns and names are not looked at.
fn unknown_relation<'m>() -> Relation<'m> {
    Relation {
        name: None,
        schema: None,
        aliased: true,
        source: 0..0,
        kind: RelationKind::Unknown,
        qualified_only: false,
        is_substituted: false,
        has_column_aliases: false,
    }
}
