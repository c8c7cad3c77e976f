//! Maps one `SELECT`, clause by clause.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle AS name FROM users WHERE handle <> '' GROUP BY handle HAVING count(*) > 1
//! -- becomes
//! SELECT "username" AS name
//! FROM users
//! WHERE "username" <> '' GROUP BY "username" HAVING count(*) > 1
//! ```

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, GroupByWithModifier, NamedWindowExpr, OrderBy, Select,
    SelectFlavor, SelectItem,
};

use super::naming::Naming;
use super::select_item_ranges::Items;
use crate::shim::rewrite::resolve::{Clause, Env, ExprContext, Outputs, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps one `SELECT` with the `ORDER BY` that belongs to it.
    pub(super) fn select(
        &mut self,
        select: &Select,
        env: Env<'_, 'a>,
        naming: Naming,
        order_by: Option<&OrderBy>,
    ) -> Result<Outputs<'a>> {
        check_clauses(select)?;
        if let Some(into) = &select.into {
            self.select_into(into)?;
        }
        let Env { outer, ctes } = env;
        let star =
            |item: &_| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..));
        let has_star = select.projection.iter().any(star);
        let mut scope = Scope { outer, has_star, is_select: true, ..Scope::default() };
        self.from(&select.from, &mut scope, &ctes)?;
        scope.aliases = self.aliases(&select.projection);
        // Names in DISTINCT ON may be those of the projection, as in ORDER BY.
        let distinct_on = matches!(select.distinct, Some(Distinct::On(_)));
        let naming = if distinct_on { Naming::Seen } else { naming };
        let projected = ExprContext::new(&scope, &ctes).within(Clause::Projection);
        let items = Items::of_select(select);
        let outputs = self.projection(&items, projected, naming)?;
        scope.outputs = outputs.clone();
        let context = ExprContext::new(&scope, &ctes);
        if let Some(Distinct::On(exprs)) = &select.distinct {
            exprs.iter().try_for_each(|expr| self.order_item(expr, context))?;
        }
        self.exprs(&select.selection, context)?;
        self.group_by(&select.group_by, context.within(Clause::Group))?;
        self.exprs(&select.having, context.within(Clause::Having))?;
        for definition in &select.named_window {
            self.leave_unchanged(&definition.0)?;
            match &definition.1 {
                NamedWindowExpr::NamedWindow(name) => self.leave_unchanged(name)?,
                NamedWindowExpr::WindowSpec(spec) => self.window(spec, context)?,
            }
        }
        for item in Self::order_items(order_by)? {
            self.order_item(&item.expr, context)?;
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

    pub(crate) fn group_by(
        &mut self,
        group_by: &GroupByExpr,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.exprs(exprs, context)?;
                modifiers
            }
        };
        modifiers.iter().try_for_each(|modifier| match modifier {
            GroupByWithModifier::GroupingSets(expr) => self.expr(expr, context),
            GroupByWithModifier::Rollup
            | GroupByWithModifier::Cube
            | GroupByWithModifier::Totals => Ok(()),
        })
    }
}

/// Refuses what only other databases have.
fn check_clauses(select: &Select) -> Result {
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
