//! Maps a `DELETE`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! DELETE FROM users WHERE handle = $1 RETURNING handle
//! -- becomes
//! DELETE FROM users WHERE "username" = $1 RETURNING "username" AS "handle"
//! ```

use sqlparser::ast::{Delete, FromTable, TableFactor};

use crate::Dialect;
use crate::shim::rewrite::read::{Items, Naming};
use crate::shim::rewrite::resolve::{Env, ExprContext, Outputs, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps a `DELETE`.
    pub(crate) fn delete(&mut self, delete: &Delete, env: &Env<'_, 'a>) -> Result<Outputs<'a>> {
        if delete.output.is_some() {
            return Err(RewriteError::unsupported("OUTPUT"));
        }
        let ctes = &env.ctes;
        let mut scope = Scope { outer: env.outer, ..Scope::default() };
        delete.tables.iter().try_for_each(|table| self.leave_name_unchanged(table))?;
        let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
        match tables.as_slice() {
            // They name tables of USING.
            tables if delete.using.is_some() && self.dialect == Dialect::MariaDb => {
                for table in tables {
                    self.leave_table_unchanged(&table.relation)?;
                }
            }
            [table] => self.target(table, &mut scope, ctes)?,
            tables => self.from(tables, &mut scope, ctes)?,
        }
        if let Some(using) = &delete.using {
            self.from(using, &mut scope, ctes)?;
        }
        let context = ExprContext::new(&scope, ctes);
        self.exprs(&delete.selection, context)?;
        self.exprs(delete.order_by.iter().map(|item| &item.expr), context)?;
        self.exprs(&delete.limit, context)?;
        let Some(items) = &delete.returning else { return Ok(Outputs::default()) };
        let alone = Self::scope_of_target(&scope);
        let scope = if self.dialect == Dialect::Sqlite { &alone } else { &scope };
        self.projection(&Items::of_returning(items), ExprContext::new(scope, ctes), Naming::Seen)
    }

    fn leave_table_unchanged(&mut self, factor: &TableFactor) -> Result {
        match factor {
            TableFactor::Table { name, .. } => self.leave_name_unchanged(name),
            _ => Err(RewriteError::unsupported("a DELETE from no plain table")),
        }
    }
}
