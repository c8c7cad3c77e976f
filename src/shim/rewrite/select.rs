use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, GroupByWithModifier, Ident, NamedWindowExpr, OrderBy, Select,
    SelectFlavor, SelectItem,
};

use super::edit::Piece;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::projection::Items;
use super::query::Naming;
use super::rewriter::{Done, Rewriter};
use super::scope::{Clause, Env, Place, Scope};
use crate::Dialect;

impl<'a> Rewriter<'a> {
    /// Maps one `SELECT` with the `ORDER BY` that belongs to it.
    pub(super) fn select(
        &mut self,
        select: &Select,
        env: Env<'_, 'a>,
        naming: Naming,
        order_by: Option<&OrderBy>,
    ) -> Done<Outputs<'a>> {
        check_clauses(select)?;
        if let Some(into) = &select.into {
            self.into(into)?;
        }
        let Env { outer, ctes } = env;
        let star =
            |item: &_| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..));
        let starred = select.projection.iter().any(star);
        let mut scope = Scope { outer, starred, selects: true, ..Scope::default() };
        self.from(&select.from, &mut scope, &ctes)?;
        scope.aliases = self.aliases(&select.projection);
        // Names in DISTINCT ON may be those of the projection, as in ORDER BY.
        let distinct_on = matches!(select.distinct, Some(Distinct::On(_)));
        let naming = if distinct_on { Naming::Seen } else { naming };
        let projected = Place::new(&scope, &ctes).within(Clause::Projection);
        let items = Items::of_select(select);
        let outputs = self.projection(&items, projected, naming)?;
        scope.outputs = outputs.clone();
        let place = Place::new(&scope, &ctes);
        if let Some(Distinct::On(exprs)) = &select.distinct {
            exprs.iter().try_for_each(|expr| self.order_item(expr, place))?;
        }
        self.exprs(&select.selection, place)?;
        self.group_by(&select.group_by, place.within(Clause::Group))?;
        self.exprs(&select.having, place.within(Clause::Having))?;
        for definition in &select.named_window {
            self.keep(&definition.0)?;
            match &definition.1 {
                NamedWindowExpr::NamedWindow(name) => self.keep(name)?,
                NamedWindowExpr::WindowSpec(spec) => self.window(spec, place)?,
            }
        }
        for item in Self::order_items(order_by)? {
            self.order_item(&item.expr, place)?;
        }
        Ok(outputs)
    }

    /// The names that a projection gives with `AS`.
    fn aliases(&self, projection: &[SelectItem]) -> Vec<(String, Option<String>)> {
        let named = |item: &SelectItem| match item {
            SelectItem::ExprWithAlias { expr, alias } => {
                let column = match expr {
                    Expr::Identifier(ident) => Some(self.fold(ident).into_owned()),
                    Expr::CompoundIdentifier(parts) => {
                        parts.last().map(|ident| self.fold(ident).into_owned())
                    }
                    _ => None,
                };
                Some((self.fold(alias).into_owned(), column))
            }
            _ => None,
        };
        projection.iter().filter_map(named).collect()
    }

    fn group_by(&mut self, group_by: &GroupByExpr, place: Place<'_, 'a>) -> Done {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.exprs(exprs, place)?;
                modifiers
            }
        };
        modifiers.iter().try_for_each(|modifier| match modifier {
            GroupByWithModifier::GroupingSets(expr) => self.expr(expr, place),
            GroupByWithModifier::Rollup
            | GroupByWithModifier::Cube
            | GroupByWithModifier::Totals => Ok(()),
        })
    }

    /// One term of `ORDER BY` or `DISTINCT ON`: a bare name is an output column's first.
    fn order_item(&mut self, expr: &Expr, place: Place<'_, 'a>) -> Done {
        if let Some(ident) = self.order_name(expr) {
            let name = self.fold(ident);
            let output = place
                .scope
                .outputs
                .columns
                .iter()
                .position(|column| self.dialect.same_column(&column.name, &name));
            if let Some(at) = output
                && let Some(output) = place.scope.outputs.columns.get(at)
                && (self.is_mapped_column(&name) || self.dialect == Dialect::Postgres)
            {
                if output.pair.is_none() && self.is_twice(&name, place.scope) {
                    if place.scope.outputs.open || !matches!(expr, Expr::Identifier(_)) {
                        return Err(RewriteError::ambiguous(name, "a renamed table has it too"));
                    }
                    let bytes = self.place(ident)?;
                    self.edits.replace(bytes, vec![Piece::New((at + 1).to_string())]);
                    return Ok(());
                }
                if self.dialect == Dialect::Sqlite && output.pair.is_some() {
                    let quoted = self.dialect.quote(&Self::identifier(&name)?);
                    let bytes = self.place(ident)?;
                    if self.text.sql[bytes.clone()] != quoted {
                        self.edits.replace(bytes, vec![Piece::New(quoted)]);
                    }
                    return Ok(());
                }
                return self.keep(ident);
            }
        }
        self.expr(expr, place.within(Clause::Order))
    }

    /// Whether SQLite takes a name in ORDER BY that is not given with AS for a column of a table,
    /// and a table has the name now, as one of the two of a renamed column.
    fn is_twice(&self, name: &str, scope: &Scope<'_, 'a>) -> bool {
        let given = |(alias, _): &(String, _)| self.dialect.same_column(alias, name);
        self.dialect == Dialect::Sqlite
            && !scope.aliases.iter().any(given)
            && scope
                .mapped()
                .any(|table| table.physical.iter().any(|own| self.dialect.same_column(own, name)))
    }

    /// The bare name that a term of `ORDER BY` is. SQLite looks through `COLLATE` and parentheses.
    fn order_name<'e>(&self, expr: &'e Expr) -> Option<&'e Ident> {
        match expr {
            Expr::Identifier(ident) => Some(ident),
            Expr::Collate { expr, .. } | Expr::Nested(expr) if self.dialect == Dialect::Sqlite => {
                self.order_name(expr)
            }
            _ => None,
        }
    }
}

/// Refuses what only other databases have.
fn check_clauses(select: &Select) -> Done {
    let foreign = select.top.is_some()
        || select.exclude.is_some()
        || !select.lateral_views.is_empty()
        || select.prewhere.is_some()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty()
        || select.qualify.is_some()
        || select.value_table_mode.is_some()
        || select.flavor != SelectFlavor::Standard;
    if foreign {
        return Err(RewriteError::unsupported("a clause of another database"));
    }
    Ok(())
}
