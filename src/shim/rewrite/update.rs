use sqlparser::ast::{SqliteOnConflict, TableFactor, TableWithJoins, Update, UpdateTableFromKind};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::assign::Target;
use super::error::RewriteError;
use super::outputs::Outputs;
use super::projection::Items;
use super::query::Naming;
use super::rewriter::{Done, Rewriter};
use super::scope::{Clause, Ctes, Env, Place, Scope};
use crate::Dialect;
use crate::shim::mapping::{MappedColumn, MappedTable};

impl<'a> Rewriter<'a> {
    /// Maps an `UPDATE`.
    pub(super) fn update(&mut self, update: &Update, env: &Env<'_, 'a>) -> Done<Outputs<'a>> {
        if update.output.is_some() {
            return Err(RewriteError::unsupported("OUTPUT"));
        }
        let ctes = &env.ctes;
        let mut scope = Scope { outer: env.outer, ..Scope::default() };
        self.target(&update.table, &mut scope, ctes)?;
        let several = !update.table.joins.is_empty();
        if several && self.dialect != Dialect::Mysql {
            return Err(RewriteError::unsupported("an UPDATE of a join"));
        }
        let target = match scope.mapped().next() {
            _ if several => Target::Several,
            table if self.has_query() => Target::Itself(table),
            table => Target::Table(table),
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
        let place = Place::new(&scope, ctes);
        self.assignments(&update.assignments, target, place)?;
        self.exprs(&update.selection, place)?;
        for item in &update.order_by {
            self.expr(&item.expr, place.within(Clause::Plain))?;
        }
        self.exprs(&update.limit, place)?;
        let Some(items) = &update.returning else { return Ok(Outputs::default()) };
        let alone = Self::scope_of_target(&scope);
        // SQLite gives columns of the changed table only.
        let scope = if self.dialect == Dialect::Sqlite { &alone } else { &scope };
        self.projection(&Items::of_returning(items), Place::new(scope, ctes), Naming::Seen)
    }

    /// Whether the statement has a query in it, on MariaDB. An `UPDATE` with a subquery of the same table
    /// is run there as one of several tables, which computes all values before it sets any; and
    /// whatever the subquery names may be a view of that table.
    fn has_query(&self) -> bool {
        let select = |found: &TokenWithSpan| match &found.token {
            Token::Word(word) => word.keyword == Keyword::SELECT,
            _ => false,
        };
        let own = self.text.tokens().get(self.walked.clone()).unwrap_or_default();
        self.dialect == Dialect::Mysql && own.iter().any(select)
    }

    /// Adds the table that a statement changes, which no common table expression can shadow.
    pub(super) fn target(
        &mut self,
        table: &TableWithJoins,
        scope: &mut Scope<'_, 'a>,
        ctes: &Ctes<'a>,
    ) -> Done {
        match &table.relation {
            TableFactor::Table { name, alias, args: None, with_hints, version: None, .. }
                if table.joins.is_empty() && with_hints.is_empty() =>
            {
                let relation = self.base_table(name, alias.as_ref())?;
                scope.relations.push(relation);
                Ok(())
            }
            _ => self.joined(table, false, scope, ctes),
        }
    }
}
