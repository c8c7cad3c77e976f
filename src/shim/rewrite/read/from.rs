use sqlparser::ast::{TableFactor, TableSampleKind, TableWithJoins};

use super::query::Naming;
use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::{Ctes, Env, Place};
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::resolve::scope::{Kind, Scope};
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// Adds the relations of a `FROM` list to a scope, mapping the expressions in it.
    pub(crate) fn from(
        &mut self,
        tables: &[TableWithJoins],
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
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
    ) -> Done {
        let first = scope.relations.len();
        let by_name = within || self.joins_by_name(table, scope.starred);
        self.factor(&table.relation, by_name, scope, ctes)?;
        self.show_logical(&table.relation, by_name, scope)?;
        for join in &table.joins {
            self.factor(&join.relation, by_name, scope, ctes)?;
            self.show_logical(&join.relation, by_name, scope)?;
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
    ) -> Done {
        match factor {
            TableFactor::Table { name, alias, args, sample, with_hints, version, .. } => {
                if !with_hints.is_empty() || version.is_some() {
                    return Err(RewriteError::unsupported("a table with hints or a version"));
                }
                self.sample(sample.as_ref(), scope, ctes)?;
                if let Some(args) = args {
                    self.table_function(&args.args, Place::new(scope, ctes))?;
                    let relation = self.relation_of(Some(name), alias.as_ref(), Kind::Unknown)?;
                    scope.relations.push(relation);
                    return Ok(());
                }
                let relation = self.table(name, alias.as_ref(), ctes)?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                self.sample(sample.as_ref(), scope, ctes)?;
                let outer = if *lateral { Some(&*scope) } else { scope.outer };
                let env = Env { outer, ctes: ctes.clone() };
                let outputs = self.query(subquery, env, Naming::Seen)?;
                let relation = self.relation_of(None, alias.as_ref(), Kind::Derived(outputs))?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::Function { name, args, alias, .. } => {
                self.table_function(args, Place::new(scope, ctes))?;
                let relation = self.relation_of(Some(name), alias.as_ref(), Kind::Unknown)?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::TableFunction { expr, alias } => {
                self.expr(expr, Place::new(scope, ctes))?;
                let relation = self.relation_of(None, alias.as_ref(), Kind::Unknown)?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset_alias, .. } => {
                self.exprs(array_exprs, Place::new(scope, ctes))?;
                self.keep_all(with_offset_alias)?;
                let relation = self.relation_of(None, alias.as_ref(), Kind::Unknown)?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::JsonTable { json_expr, columns, alias, .. } => {
                self.expr(json_expr, Place::new(scope, ctes))?;
                let mut outputs = Outputs::default();
                self.json_columns(columns, &mut outputs)?;
                let relation = self.relation_of(None, alias.as_ref(), Kind::Derived(outputs))?;
                scope.relations.push(relation);
                Ok(())
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.joined(table_with_joins, by_name, scope, ctes)
            }
            // Among them forms of other databases, and any the parser learns later.
            _ => Err(RewriteError::unsupported("a table expression of this form")),
        }
    }

    fn sample(
        &mut self,
        sample: Option<&TableSampleKind>,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
        let Some(
            TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample),
        ) = sample
        else {
            return Ok(());
        };
        let place = Place::new(scope, ctes);
        self.exprs(sample.quantity.as_ref().map(|quantity| &quantity.value), place)?;
        self.exprs(&sample.offset, place)?;
        self.exprs(sample.bucket.as_ref().and_then(|bucket| bucket.on.as_ref()), place)
    }
}
