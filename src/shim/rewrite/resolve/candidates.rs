//! The meanings that a bare name can have in one scope.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT p.id FROM posts AS p, users AS u WHERE handle = $1
//! -- becomes
//! SELECT p.id FROM posts AS p, users AS u WHERE u."username" = $1
//! ```
//!
//! Given in `dual_write` on PostgreSQL, where `posts` is known to have no `handle`:
//!
//! ```sql
//! DELETE FROM users WHERE id IN (SELECT author FROM posts WHERE handle = 'x')
//! -- becomes
//! DELETE FROM users WHERE id IN (SELECT author FROM posts WHERE users."username" = 'x')
//! ```

use super::binding::Binding;
use super::output_columns::{Exposed, Outputs};
use super::scope::{RelationKind, Scope};
use super::unmapped_table::UnmappedTable;
use crate::model::TableName;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

/// The meanings that a bare name can have in one scope.
#[derive(Debug, Default)]
pub(super) struct Candidates<'m> {
    pub(super) bindings: Vec<Binding<'m>>,
    /// A relation may have it unseen.
    pub(super) unknown: bool,
    /// The tables among these of which the database can be asked.
    pub(super) tables: Vec<TableName>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn candidates(&self, name: &str, scope: &Scope<'_, 'a>) -> Result<Candidates<'a>> {
        let mut found = Candidates::default();
        for relation in scope.relations.iter().filter(|relation| !relation.qualified_only) {
            match &relation.kind {
                RelationKind::Mapped(table) => match table.column(self.dialect, name) {
                    Some(pair) => {
                        found.bindings.push(Binding::Column(pair, relation.source.clone()));
                    }
                    None if table.physical.is_empty() => found.unknown = true,
                    None if self.is_among(name, &table.physical) => {
                        found.bindings.push(Binding::Other);
                    }
                    None => {}
                },
                RelationKind::Unmapped(table) => {
                    let neighbour =
                        Binding::Neighbour { source: relation.source.clone(), required: false };
                    found.add(self.has(table, name), neighbour, table);
                }
                RelationKind::Unknown | RelationKind::Pending => found.unknown = true,
                RelationKind::Derived(outputs) => match outputs.find(self.dialect, name) {
                    Exposed::Same(pair) => found.bindings.push(Binding::Same(pair)),
                    Exposed::Other(exposed, pair) => {
                        found.bindings.push(Binding::Exposed(exposed, pair));
                    }
                    Exposed::Ambiguous => {
                        return Err(RewriteError::ambiguous(name, "a subquery has it twice"));
                    }
                    Exposed::Missing => self.look_among_further(outputs, name, &mut found),
                },
            }
        }
        Ok(found)
    }

    /// Looks for a name among the columns that a `*` shows besides those that are listed.
    pub(super) fn look_among_further(
        &self,
        outputs: &Outputs<'a>,
        name: &str,
        found: &mut Candidates<'a>,
    ) {
        found.unknown |= outputs.open;
        for table in &outputs.further {
            found.add(self.lists(table, name), Binding::Same(None), table);
        }
    }

    /// Returns true if a table has a column of this name, and `None` if that is not known.
    fn has(&self, table: &UnmappedTable<'_>, name: &str) -> Option<bool> {
        let columns = table.columns?;
        let found = self.is_among(name, &columns.names);
        // A name such as `oid` of SQLite may be the row's, but it may also be hidden.
        if !found && self.is_of_system(name) { None } else { Some(found) }
    }

    /// Returns true if `*` shows a column of this name, and `None` if that is not known.
    fn lists(&self, table: &UnmappedTable<'_>, name: &str) -> Option<bool> {
        let columns = table.columns?;
        let unlisted = self.is_among(name, &columns.unlisted);
        Some(!unlisted && self.is_among(name, &columns.names))
    }
}

impl<'m> Candidates<'m> {
    /// Adds a meaning that a table without a renamed column gives a name, if it has such a column.
    fn add(&mut self, has: Option<bool>, binding: Binding<'m>, table: &UnmappedTable<'_>) {
        match has {
            Some(true) => self.bindings.push(binding),
            Some(false) => {}
            None => {
                self.unknown = true;
                let is_missing = table.columns.is_none();
                self.tables.extend(table.name.iter().filter(|_| is_missing).cloned());
            }
        }
    }
}
