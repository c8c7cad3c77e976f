//! Maps `CREATE TABLE … AS` and `SELECT … INTO`: the new table has the columns that the code knows.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! CREATE TABLE backup AS SELECT handle FROM users
//! -- becomes
//! CREATE TABLE backup AS SELECT "username" AS "handle" FROM users
//! ```

use sqlparser::ast::{CreateTable, Expr, SelectInto};

use crate::Dialect;
use crate::shim::rewrite::read::Naming;
use crate::shim::rewrite::resolve::{Env, idents};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Returns true if a table that is not mapped is made of a query.
    pub(crate) fn is_filled(&self, table: &CreateTable) -> bool {
        table.query.is_some()
            && table.columns.is_empty()
            && table.constraints.is_empty()
            && idents(&table.name)
                .and_then(|parts| parts.last().copied())
                .is_some_and(|name| !self.is_mapped_table(&self.fold(name)))
    }

    /// Maps `CREATE TABLE … AS`: the new table has the columns that the code knows.
    pub(crate) fn create_filled(&mut self, table: &CreateTable, env: &Env<'_, 'a>) -> Result {
        let Some(query) = &table.query else { return Ok(()) };
        self.leave_name_unchanged(&table.name)?;
        self.query(query, env.clone(), Naming::Seen).map(drop)
    }

    /// The same by `SELECT … INTO`.
    pub(crate) fn select_into(&mut self, into: &SelectInto) -> Result {
        let parts = match into.targets.as_slice() {
            [Expr::Identifier(name)] => std::slice::from_ref(name),
            [Expr::CompoundIdentifier(parts)] => parts,
            _ => &[],
        };
        match parts.last() {
            Some(name)
                if self.dialect == Dialect::Postgres && !self.is_mapped_table(&self.fold(name)) =>
            {
                self.leave_all_unchanged(parts)
            }
            _ => Err(RewriteError::unsupported("SELECT INTO")),
        }
    }
}
