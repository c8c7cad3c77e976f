//! Finds the name that the database gives to an output column without an alias.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle::text FROM users
//! -- becomes
//! SELECT "username"::text AS "handle" FROM users
//! ```

use sqlparser::ast::{Expr, Ident};

use super::naming::Naming;
use crate::Dialect;
use crate::shim::rewrite::resolve::{Binding, ColumnRef, ExprContext, Outputs};
use crate::shim::rewrite::{Result, Rewriter};

/// The name that an item without one has to be given.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Alias {
    None,
    Name(String),
    Text,
}

impl<'a> Rewriter<'a> {
    /// Maps an item without a name of its own; gives the name that it has to be given.
    pub(super) fn unnamed(
        &mut self,
        expr: &Expr,
        context: ExprContext<'_, 'a>,
        naming: Naming,
        outputs: &mut Outputs<'a>,
    ) -> Result<Alias> {
        if self.dialect == Dialect::Postgres
            && let Expr::Subquery(query) = expr
        {
            // PostgreSQL calls it what its one column is called.
            let inner = self.query(query, context.env(), naming)?;
            outputs.push(inner.columns.first().map(|c| c.name.clone()).unwrap_or_default(), None);
            return Ok(Alias::None);
        }
        self.check_no_star_in_list(std::slice::from_ref(expr), context)?;
        let before = self.edits.len();
        if let Some(parts) = self.named_by(expr) {
            let named = match expr {
                Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                    self.column(&parts, context)?
                }
                _ => {
                    let named = self.named(&parts, context)?;
                    self.expr(expr, context)?;
                    named
                }
            };
            outputs.push(named.name.clone(), named.pair);
            return Ok(if named.differs { Alias::Name(named.name) } else { Alias::None });
        }
        self.expr(expr, context)?;
        outputs.push(function_name(expr), None);
        // SQLite and MySQL call it by its text, which has changed.
        let changed = self.dialect != Dialect::Postgres && self.edits.len() > before;
        Ok(if changed { Alias::Text } else { Alias::None })
    }

    /// The name under which a column reference will be reported, without mapping it.
    fn named(&self, parts: &[Ident], context: ExprContext<'_, 'a>) -> Result<ColumnRef<'a>> {
        let name = parts.last().map(|i| self.fold(i).into_owned()).unwrap_or_default();
        Ok(match self.bind(parts, context)? {
            Binding::Column(pair, _) => {
                let differs = pair.read_around().is_some()
                    || !self.dialect.same_column(pair.read().as_str(), &name);
                ColumnRef { name, pair: Some(pair), differs }
            }
            Binding::Exposed(_, pair) => ColumnRef { name, pair: Some(pair), differs: true },
            Binding::Same(pair) => ColumnRef { name, pair, differs: false },
            Binding::Row(_) | Binding::Neighbour { .. } | Binding::Other => {
                ColumnRef { name, pair: None, differs: false }
            }
        })
    }

    /// The column whose name the database gives to an expression without one.
    fn named_by(&self, expr: &Expr) -> Option<Vec<Ident>> {
        match expr {
            Expr::Identifier(ident) => Some(vec![ident.clone()]),
            Expr::CompoundIdentifier(parts) => Some(parts.clone()),
            Expr::Nested(inner) => self.named_by(inner),
            _ if self.dialect != Dialect::Postgres => None,
            Expr::Cast { expr, .. }
            | Expr::Collate { expr, .. }
            | Expr::Case { else_result: Some(expr), .. } => self.named_by(expr),
            Expr::CompoundFieldAccess { root, access_chain } => {
                use sqlparser::ast::AccessExpr::{Dot, Subscript};
                let mut parts = self.named_by(root)?;
                for access in access_chain {
                    match access {
                        Dot(Expr::Identifier(part)) => parts.push(part.clone()),
                        Dot(_) => return None,
                        Subscript(_) => {}
                    }
                }
                Some(parts)
            }
            _ => None,
        }
    }
}

fn function_name(expr: &Expr) -> String {
    match expr {
        Expr::Function(function) => {
            function.name.0.last().and_then(|part| part.as_ident()).map(|i| i.value.clone())
        }
        _ => None,
    }
    .unwrap_or_default()
}
