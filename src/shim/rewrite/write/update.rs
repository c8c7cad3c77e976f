//! Maps an `UPDATE`.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET handle = $1 WHERE handle = $2 RETURNING handle
//! -- becomes
//! UPDATE users
//! SET "handle" = $1, "username" = $1
//! WHERE "username" = $2
//! RETURNING "username" AS "handle"
//! ```

use sqlparser::ast::{SqliteOnConflict, Update, UpdateTableFromKind};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::target::SetTarget;
use crate::Dialect;
use crate::shim::mapped_column::MappedColumn;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::read::{Items, Naming};
use crate::shim::rewrite::resolve::{Clause, Env, ExprContext, Outputs, Scope};
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Maps an `UPDATE`.
    pub(crate) fn update(&mut self, update: &Update, env: &Env<'_, 'a>) -> Result<Outputs<'a>> {
        if update.output.is_some() {
            return Err(RewriteError::unsupported("OUTPUT"));
        }
        let ctes = &env.ctes;
        let mut scope = Scope { outer: env.outer, ..Scope::default() };
        self.target(&update.table, &mut scope, ctes)?;
        let several = !update.table.joins.is_empty();
        if several && self.dialect != Dialect::MariaDb {
            return Err(RewriteError::unsupported("an UPDATE of a join"));
        }
        let target = match scope.mapped().next() {
            _ if several => SetTarget::Several,
            table if self.has_query() => SetTarget::AlsoRead(table),
            table => SetTarget::Table(table),
        };
        if let Some(
            UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables),
        ) = &update.from
        {
            self.from(tables, &mut scope, ctes)?;
        }
        let replaced = |table: &MappedTable| {
            let mut defaults = table.columns.iter().filter_map(MappedColumn::sent_default);
            defaults.any(|default| default.not_null)
        };
        if update.or == Some(SqliteOnConflict::Replace)
            && scope.mapped().next().is_some_and(replaced)
        {
            return Err(RewriteError::unsupported(
                "UPDATE OR REPLACE of a table with a column whose default is computed",
            ));
        }
        let context = ExprContext::new(&scope, ctes);
        self.assignments(&update.assignments, target, context)?;
        self.exprs(&update.selection, context)?;
        for item in &update.order_by {
            self.expr(&item.expr, context.within(Clause::Plain))?;
        }
        self.exprs(&update.limit, context)?;
        let Some(items) = &update.returning else { return Ok(Outputs::default()) };
        let alone = Self::scope_of_target(&scope);
        // SQLite gives columns of the changed table only.
        let scope = if self.dialect == Dialect::Sqlite { &alone } else { &scope };
        self.projection(&Items::of_returning(items), ExprContext::new(scope, ctes), Naming::Seen)
    }

    /// Returns true if the statement has a query in it, on MariaDB. An `UPDATE` with a subquery of the same table
    /// is run there as one of several tables, which computes all values before it sets any; and
    /// whatever the subquery names may be a view of that table.
    fn has_query(&self) -> bool {
        let select = |found: &TokenWithSpan| match &found.token {
            Token::Word(word) => word.keyword == Keyword::SELECT,
            _ => false,
        };
        let own = self.text.tokens().get(self.current_tokens.clone()).unwrap_or_default();
        self.dialect == Dialect::MariaDb && own.iter().any(select)
    }
}
