use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, GroupByWithModifier, NamedWindowExpr, OrderBy, Select,
    SelectFlavor, SelectItem,
};

use super::item_ranges::Items;
use super::query::Naming;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::resolve::context::{Clause, Env, Place};
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::resolve::scope::Scope;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

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
    pub(crate) fn aliases(&self, projection: &[SelectItem]) -> Vec<(String, Option<String>)> {
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

    pub(crate) fn group_by(&mut self, group_by: &GroupByExpr, place: Place<'_, 'a>) -> Done {
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
