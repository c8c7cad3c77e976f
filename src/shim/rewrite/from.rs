use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Join, JoinConstraint, JsonTableColumn, TableFactor,
    TableSampleKind, TableWithJoins,
};

use super::error::RewriteError;
use super::merged::constraint;
use super::outputs::Outputs;
use super::query::Naming;
use super::rewriter::{Done, Rewriter, idents};
use super::scope::{Ctes, Env, Kind, Place, Relation, Scope};
use crate::Dialect;

impl<'a> Rewriter<'a> {
    /// Adds the relations of a `FROM` list to a scope, mapping the expressions in it.
    pub(super) fn from(
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
    pub(super) fn joined(
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

    /// SQLite finds a name in a condition in tables that are joined after it, too.
    fn late_conditions(
        &mut self,
        table: &TableWithJoins,
        scope: &Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
        let factors =
            std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation));
        for factor in factors {
            if let TableFactor::NestedJoin { table_with_joins, alias: None } = factor {
                self.late_conditions(table_with_joins, scope, ctes)?;
            }
        }
        for join in &table.joins {
            if let JoinConstraint::On(on) = constraint(join)? {
                self.expr(on, Place::new(scope, ctes))?;
            }
        }
        Ok(())
    }

    fn join(
        &mut self,
        join: &Join,
        first: usize,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
        match constraint(join)? {
            JoinConstraint::None => Ok(()),
            JoinConstraint::On(_) if self.dialect == Dialect::Sqlite => Ok(()),
            JoinConstraint::On(on) => self.expr(on, Place::new(scope, ctes)),
            JoinConstraint::Natural => {
                scope.merged = true;
                if self.may_differ(&scope.relations[first..]) {
                    return Err(RewriteError::unsupported("NATURAL JOIN; write the condition"));
                }
                Ok(())
            }
            JoinConstraint::Using(columns) => {
                scope.merged = true;
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
                    self.keep_name(column)?;
                }
                Ok(())
            }
        }
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

    /// The arguments of a function in `FROM`. The parser takes PostgreSQL's `ONLY (users)` for one.
    fn table_function(&mut self, args: &[FunctionArg], place: Place<'_, 'a>) -> Done {
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident))) = arg
                && self.is_mapped_table(&self.fold(ident))
            {
                return Err(RewriteError::unsupported("ONLY, or a function of a table"));
            }
        }
        self.function_args(args, place)
    }

    /// The columns of a `JSON_TABLE`, which are its own.
    fn json_columns(&mut self, columns: &[JsonTableColumn], outputs: &mut Outputs<'a>) -> Done {
        for column in columns {
            let name = match column {
                JsonTableColumn::Named(column) => &column.name,
                JsonTableColumn::ForOrdinality(name) => name,
                JsonTableColumn::Nested(nested) => {
                    self.json_columns(&nested.columns, outputs)?;
                    continue;
                }
            };
            self.keep(name)?;
            outputs.push(self.fold(name).into_owned(), None);
        }
        Ok(())
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

/// Whether a renamed column can be among the columns of these relations.
fn may_have_renamed(relations: &[Relation<'_>]) -> bool {
    relations.iter().any(|relation| match &relation.kind {
        Kind::Mapped(_) | Kind::Pending => true,
        Kind::Derived(outputs) => outputs.columns.iter().any(|column| column.pair.is_some()),
        Kind::Unknown => false,
    })
}
