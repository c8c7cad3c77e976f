//! Maps a field of a whole row: `(users).handle`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM users WHERE (users).handle = $1
//! -- becomes
//! SELECT id FROM users WHERE (users)."username" = $1
//! ```

use sqlparser::ast::{AccessExpr, Expr, Ident};

use super::context::ExprContext;
use super::output_columns::Exposed;
use super::scope::{Relation, RelationKind};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps the first field of `(table).field`; gives the accesses behind it.
    pub(crate) fn row_field<'e>(
        &mut self,
        root: &Expr,
        chain: &'e [AccessExpr],
        context: ExprContext<'_, 'a>,
    ) -> Result<Option<&'e [AccessExpr]>> {
        let Some((AccessExpr::Dot(Expr::Identifier(field)), rest)) = chain.split_first() else {
            return Ok(None);
        };
        let Some(table) = row_name(root) else { return Ok(None) };
        let name = self.fold(field).into_owned();
        if let Some(row) = self.whole_row(&self.fold(table), context) {
            self.name_range(table)?;
            if !row.certain {
                self.request_substitution(&row)?;
                self.leave_unchanged(field)?;
            } else if let Some(pair) = row.table.column(self.dialect, &name) {
                if pair.read_around().is_some() {
                    return Err(RewriteError::unsupported(
                        "a field of a whole row whose type is being changed; write `table.column`",
                    ));
                }
                self.rename(field, pair.read(), None)?;
            }
            return Ok(Some(rest));
        }
        let relation = self.relation(None, table, context.scope)?;
        let Some(Relation { kind: RelationKind::Derived(outputs), is_substituted: true, .. }) =
            relation
        else {
            return Ok(None);
        };
        let exposed = outputs.find(self.dialect, &name);
        self.leave_unchanged(table)?;
        self.leave_unchanged(field)?;
        if let Exposed::Other(exposed, _) = exposed {
            self.rename(field, &Self::identifier(&exposed)?, None)?;
        }
        Ok(Some(rest))
    }
}

/// The name in `(name)`.
fn row_name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Nested(inner) => match inner.as_ref() {
            Expr::Identifier(ident) => Some(ident),
            nested => row_name(nested),
        },
        _ => None,
    }
}
