use sqlparser::ast::{
    ConflictTarget, Insert, OnConflict, OnConflictAction, OnInsert, SetExpr, TableFactor,
};

use super::target::Target;
use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::{Ctes, Place};
use crate::shim::rewrite::resolve::identifiers::idents;
use crate::shim::rewrite::resolve::scope::{Kind, Relation, Scope};
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps `ON CONFLICT` or `ON DUPLICATE KEY UPDATE`.
    pub(super) fn upsert(
        &mut self,
        insert: &Insert,
        target: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
        let mut scope = Self::scope_of_target(target);
        let table = target.mapped().next();
        if let Some(row) = self.inserted_row(insert, &scope)? {
            scope.relations.push(row);
        }
        match &insert.on {
            None => Ok(()),
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
                if insert.source.as_ref().is_some_and(|s| s.body.as_select().is_some()) {
                    // MySQL lets the assignments name the columns of the query too.
                    scope.relations.push(unknown());
                }
                let itself = insert.source.as_ref().is_some_and(|source| {
                    let name = scope.relations.first().and_then(|target| target.name.as_deref());
                    name.is_some_and(|name| self.reads_from(&source.body, name))
                });
                let place = Place::new(&scope, ctes);
                let target = if itself { Target::Itself(table) } else { Target::Table(table) };
                self.assignments(assignments, target, place)
            }
            Some(OnInsert::OnConflict(OnConflict { conflict_target, action })) => {
                if let Some(arbiter) = self.arbiters.pop_front().flatten() {
                    let alone = Self::scope_of_target(target);
                    let place = Place::new(&alone, ctes);
                    self.exprs(&arbiter.elements, place)?;
                    self.exprs(&arbiter.predicate, place)?;
                }
                match conflict_target {
                    Some(ConflictTarget::Columns(columns)) => {
                        for ident in columns {
                            self.keep(ident)?;
                            let name = self.fold(ident);
                            let pair = table.and_then(|table| table.column(self.dialect, &name));
                            if let Some(pair) = pair {
                                self.rename(ident, pair.read(), None)?;
                            }
                        }
                    }
                    Some(ConflictTarget::OnConstraint(name)) => self.keep_name(name)?,
                    None => {}
                }
                let OnConflictAction::DoUpdate(update) = action else { return Ok(()) };
                let place = Place::new(&scope, ctes);
                self.assignments(&update.assignments, Target::Table(table), place)?;
                self.exprs(&update.selection, place)
            }
            Some(_) => Err(RewriteError::unsupported("an INSERT with this clause")),
        }
    }

    /// Whether a query has a table of this name in its `FROM`.
    pub(crate) fn reads_from(&self, body: &SetExpr, name: &str) -> bool {
        let SetExpr::Select(select) = body else { return false };
        let named = |table: &TableFactor| match table {
            TableFactor::Table { name: own, alias, .. } => {
                let last = idents(own).and_then(|parts| parts.last().copied());
                let shown = alias.as_ref().map(|alias| &alias.name).or(last);
                shown.is_some_and(|shown| self.dialect.same_column(&self.fold(shown), name))
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
    ) -> Done<Option<Relation<'a>>> {
        let Some(table) = target.relations.first() else { return Ok(None) };
        let name = if self.dialect == Dialect::Mysql {
            let Some(alias) = &insert.insert_alias else { return Ok(None) };
            if alias.col_aliases.as_ref().is_some_and(|columns| !columns.is_empty()) {
                return Err(RewriteError::unsupported("new column names for an inserted row"));
            }
            self.keep_name(&alias.row_alias)?;
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
            shown: false,
            renamed: false,
        }))
    }
}

/// Tables whose columns and names are not looked at.
fn unknown<'m>() -> Relation<'m> {
    Relation {
        name: None,
        schema: None,
        aliased: true,
        source: 0..0,
        kind: Kind::Unknown,
        qualified_only: false,
        shown: false,
        renamed: false,
    }
}
