use sqlparser::ast::{Delete, FromTable, TableFactor};

use crate::Dialect;
use crate::shim::rewrite::error::RewriteError;
use crate::shim::rewrite::read::item_ranges::Items;
use crate::shim::rewrite::read::query::Naming;
use crate::shim::rewrite::resolve::context::{Env, Place};
use crate::shim::rewrite::resolve::output_columns::Outputs;
use crate::shim::rewrite::resolve::scope::Scope;
use crate::shim::rewrite::rewriter::{Done, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps a `DELETE`.
    pub(crate) fn delete(&mut self, delete: &Delete, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        if delete.output.is_some() {
            return Err(RewriteError::unsupported("OUTPUT"));
        }
        let ctes = &env.ctes;
        let mut scope = Scope { outer: env.outer, ..Scope::default() };
        delete.tables.iter().try_for_each(|table| self.keep_name(table))?;
        let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
        match tables.as_slice() {
            // They name tables of USING.
            tables if delete.using.is_some() && self.dialect == Dialect::Mysql => {
                for table in tables {
                    self.keep_factor(&table.relation)?;
                }
            }
            [table] => self.target(table, &mut scope, ctes)?,
            tables => self.from(tables, &mut scope, ctes)?,
        }
        if let Some(using) = &delete.using {
            self.from(using, &mut scope, ctes)?;
        }
        let place = Place::new(&scope, ctes);
        self.exprs(&delete.selection, place)?;
        self.exprs(delete.order_by.iter().map(|item| &item.expr), place)?;
        self.exprs(&delete.limit, place)?;
        let Some(items) = &delete.returning else { return Ok(Outputs::default()) };
        let alone = Self::scope_of_target(&scope);
        let scope = if self.dialect == Dialect::Sqlite { &alone } else { &scope };
        self.projection(&Items::of_returning(items), Place::new(scope, ctes), Naming::Seen)
    }

    fn keep_factor(&mut self, factor: &TableFactor) -> Done {
        match factor {
            TableFactor::Table { name, .. } => self.keep_name(name),
            _ => Err(RewriteError::unsupported("a DELETE from no plain table")),
        }
    }
}
