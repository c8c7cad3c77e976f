//! Reports a column that is about to be dropped, and refuses one that is gone.
//!
//! While it is about to be dropped, `SELECT nickname FROM users` is sent as it is, and the migrator hears
//! of it. Afterwards it is an error, also where SQLite would take `"nickname"` for a string.

use super::context::ExprContext;
use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// Notes the change that is about to drop this column of the mapping, if there is one.
    pub(crate) fn report_if_dropped(&mut self, column: &Identifier) {
        let mut columns = self.mapping.tables().iter().flat_map(|table| &table.columns);
        let own = columns.find(|own| std::ptr::eq(&raw const own.from, column));
        if let Some(change) = own.and_then(|own| own.dropped_by.as_ref())
            && !self.names_dropped.contains(change)
        {
            self.names_dropped.push(change.clone());
        }
    }

    /// Returns true if a table has had a column of this name that was dropped.
    pub(super) fn is_dropped_column(&self, name: &str) -> bool {
        let mut gone = self.mapping.tables().iter().flat_map(|table| &table.gone);
        gone.any(|own| self.dialect.same_column(own.as_str(), name))
    }

    /// Refuses the name of a column that the table has no more. On SQLite, a name in double quotes that
    /// is no column is a string.
    pub(crate) fn check_not_dropped(&self, table: &MappedTable, name: &str) -> Result {
        if self.has_dropped(table, name) && !self.is_among(name, &table.physical) {
            let (table, column) = (table.table.to_string(), name.to_owned());
            return Err(RewriteError::Dropped { table, column, sql: String::new() });
        }
        Ok(())
    }

    /// The same for a name without its table, where nothing else can have it.
    pub(super) fn check_bare_name_not_dropped(
        &self,
        name: &str,
        context: ExprContext<'_, 'a>,
    ) -> Result {
        if !self.is_dropped_column(name) || self.is_alias(name, context) {
            return Ok(());
        }
        let (mut dropped, mut scope) = (None, Some(context.scope));
        let mut unseen = Vec::new();
        while let Some(here) = scope {
            let found = self.candidates(name, here)?;
            if !found.bindings.is_empty() || found.unknown && found.tables.is_empty() {
                return Ok(());
            }
            unseen.extend(found.tables);
            dropped = dropped.or(here.mapped().find(|table| self.has_dropped(table, name)));
            scope = here.outer;
        }
        match dropped {
            None => Ok(()),
            Some(table) if unseen.is_empty() => self.check_not_dropped(table, name),
            // Only SQLite would take the name for a string, if no other table has it.
            Some(_) if self.dialect != Dialect::Sqlite => Ok(()),
            Some(_) => Err(RewriteError::undecided(name, "another table may have it", unseen)),
        }
    }

    fn has_dropped(&self, table: &MappedTable, name: &str) -> bool {
        table.gone.iter().any(|own| self.dialect.same_column(own.as_str(), name))
    }
}
