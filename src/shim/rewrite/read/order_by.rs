//! Maps `ORDER BY` and `DISTINCT ON`, in which a bare name is an output column first.
//!
//! Given in `dual_write` on SQLite:
//!
//! ```sql
//! SELECT handle FROM users ORDER BY handle COLLATE nocase
//! -- becomes
//! SELECT `username` AS `handle` FROM users ORDER BY `handle` COLLATE nocase
//! ```

use sqlparser::ast::{Expr, Ident, OrderBy, OrderByExpr, OrderByKind, Select, SelectItem, SetExpr};

use crate::Dialect;
use crate::shim::rewrite::resolve::{
    Clause, Env, Exposed, ExprContext, Outputs, Relation, RelationKind, Scope,
};
use crate::shim::rewrite::source::Piece;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// `ORDER BY` after a set operation: only names of output columns mean anything there.
    pub(super) fn order_of_set(
        &mut self,
        order_by: Option<&OrderBy>,
        body: &SetExpr,
        outputs: &Outputs<'a>,
        env: &Env<'_, 'a>,
    ) -> Result {
        let relation = Relation {
            name: None,
            schema: None,
            aliased: false,
            source: 0..0,
            kind: RelationKind::Derived(outputs.clone()),
            qualified_only: false,
            is_substituted: false,
            has_column_aliases: false,
        };
        let scope = Scope { relations: vec![relation], ..Scope::default() };
        for item in Self::order_items(order_by)? {
            if let sqlparser::ast::Expr::Identifier(ident) = &item.expr {
                let name = self.fold(ident);
                if self.is_mapped_column(&name)
                    && matches!(outputs.find(self.dialect, &name), Exposed::Missing)
                {
                    return Err(RewriteError::ambiguous(name, "it is no column of the result"));
                }
                if let Some(at) = self.hidden_output(&name, body, outputs) {
                    let bytes = self.name_range(ident)?;
                    self.edits.replace(bytes, vec![Piece::New((at + 1).to_string())]);
                    continue;
                }
            }
            self.expr(&item.expr, ExprContext::new(&scope, &env.ctes))?;
        }
        Ok(())
    }

    /// The number of the one output column of this name that SQLite may not find: it looks for a
    /// name that is not given with AS in the tables of the query, of which one may have it now as
    /// the other one of a renamed column.
    fn hidden_output(&self, name: &str, body: &SetExpr, outputs: &Outputs<'a>) -> Option<usize> {
        let given = |item: &SelectItem| {
            matches!(item, SelectItem::ExprWithAlias { alias, .. }
                if self.dialect.same_column(&self.fold(alias), name))
        };
        let mut tables = self.mapping.tables().iter();
        let twice =
            self.is_mapped_column(name) && tables.any(|table| self.is_among(name, &table.physical));
        let is_given = first_select(body)?.projection.iter().any(given);
        if self.dialect != Dialect::Sqlite || outputs.is_open() || !twice || is_given {
            return None;
        }
        let named = |at: &usize| self.dialect.same_column(&outputs.columns[*at].name, name);
        let mut found = (0..outputs.columns.len()).filter(named);
        let (at, None) = (found.next()?, found.next()) else { return None };
        outputs.columns[at].pair.is_none().then_some(at)
    }

    pub(super) fn order_items(order_by: Option<&OrderBy>) -> Result<&[OrderByExpr]> {
        let Some(OrderBy { kind, interpolate: None }) = order_by else {
            return match order_by {
                None => Ok(&[]),
                Some(_) => Err(RewriteError::unsupported("INTERPOLATE")),
            };
        };
        match kind {
            OrderByKind::Expressions(items) if items.iter().all(|i| i.with_fill.is_none()) => {
                Ok(items)
            }
            _ => Err(RewriteError::unsupported("ORDER BY ALL or WITH FILL")),
        }
    }

    /// One term of `ORDER BY` or `DISTINCT ON`: a bare name is an output column's first.
    pub(super) fn order_item(&mut self, expr: &Expr, context: ExprContext<'_, 'a>) -> Result {
        if let Some(ident) = self.order_name(expr) {
            let name = self.fold(ident);
            let output = context
                .scope
                .outputs
                .columns
                .iter()
                .position(|column| self.dialect.same_column(&column.name, &name));
            if let Some(at) = output
                && let Some(output) = context.scope.outputs.columns.get(at)
                && (self.is_mapped_column(&name) || self.dialect == Dialect::Postgres)
            {
                if output.pair.is_none() && self.hides_output_column(&name, context.scope) {
                    if context.scope.outputs.is_open() || !matches!(expr, Expr::Identifier(_)) {
                        return Err(RewriteError::ambiguous(name, "a renamed table has it too"));
                    }
                    let bytes = self.name_range(ident)?;
                    self.edits.replace(bytes, vec![Piece::New((at + 1).to_string())]);
                    return Ok(());
                }
                if self.dialect == Dialect::Sqlite && output.pair.is_some() {
                    let quoted = self.dialect.quote(&Self::identifier(&name)?);
                    let bytes = self.name_range(ident)?;
                    if self.text.sql[bytes.clone()] != quoted {
                        self.edits.replace(bytes, vec![Piece::New(quoted)]);
                    }
                    return Ok(());
                }
                return self.leave_unchanged(ident);
            }
        }
        self.expr(expr, context.within(Clause::Order))
    }

    /// Returns true if SQLite takes a name in ORDER BY that is not given with AS for a column of a table,
    /// and a table has the name now, as one of the two of a renamed column.
    fn hides_output_column(&self, name: &str, scope: &Scope<'_, 'a>) -> bool {
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

/// The query whose names a set operation has.
fn first_select(mut body: &SetExpr) -> Option<&Select> {
    loop {
        body = match body {
            SetExpr::Select(select) => return Some(select),
            SetExpr::SetOperation { left, .. } => left,
            SetExpr::Query(query) => &query.body,
            _ => return None,
        };
    }
}
