//! A table without a renamed column, of which the columns may be known.
//!
//! Given in `dual_write` on PostgreSQL, where `posts` is known to have no `handle`:
//!
//! ```sql
//! DELETE FROM users WHERE id IN (SELECT author FROM posts WHERE handle = 'x')
//! -- becomes
//! DELETE FROM users WHERE id IN (SELECT author FROM posts WHERE users."username" = 'x')
//! ```

use sqlparser::ast::{ObjectName, TableAlias};

use super::identifiers::idents;
use super::output_columns::Outputs;
use super::scope::RelationKind;
use crate::model::TableName;
use crate::shim::known_columns::TableColumns;
use crate::shim::rewrite::Rewriter;

/// A table without a renamed column.
#[derive(Debug, Clone)]
pub(crate) struct UnmappedTable<'m> {
    /// The name by which the database can be asked for the columns; `None` if it cannot.
    pub(crate) name: Option<TableName>,
    /// The columns; `None` if they are not known.
    pub(crate) columns: Option<&'m TableColumns>,
}

/// Returns true if a table has a column, or `None` if that is not known.
pub(crate) type Has = Option<bool>;

impl<'a> Rewriter<'a> {
    /// The relation that a table without a renamed column is.
    pub(super) fn unmapped(
        &self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> RelationKind<'a> {
        let table = self.unmapped_table(name);
        if alias.is_none_or(|alias| alias.columns.is_empty()) {
            return RelationKind::Unmapped(table);
        }
        // `AS t(a, b)` gives the first columns new names.
        let mut outputs = Outputs::default();
        match table.columns {
            Some(columns) => {
                columns.names.iter().for_each(|name| outputs.push(name.clone(), None));
            }
            None => outputs.further.push(table),
        }
        RelationKind::Derived(outputs)
    }

    fn unmapped_table(&self, name: &ObjectName) -> UnmappedTable<'a> {
        let unknown = UnmappedTable { name: None, columns: None };
        let parts = idents(name).unwrap_or_default();
        let (schema, table) = match parts.as_slice() {
            [table] => (None, table),
            [schema, table] => (Some(schema), table),
            _ => return unknown,
        };
        let schema = schema.map(|schema| Self::identifier(&self.fold(schema))).transpose();
        let (Ok(schema), Ok(name)) = (schema, Self::identifier(&self.fold(table))) else {
            return unknown;
        };
        let name = TableName { schema, name };
        let columns = self.known_columns.get(&name);
        UnmappedTable { name: Some(name), columns }
    }

    /// Returns true if a table has a column of this name.
    pub(super) fn has(&self, table: &UnmappedTable<'_>, name: &str) -> Has {
        let columns = table.columns?;
        let found = self.is_among(name, &columns.names);
        // A name such as `oid` of SQLite may be the row's, but it may also be hidden.
        if !found && self.is_of_system(name) { None } else { Some(found) }
    }

    /// Returns true if `*` shows a column of this name.
    pub(super) fn lists(&self, table: &UnmappedTable<'_>, name: &str) -> Has {
        let columns = table.columns?;
        let unlisted = self.is_among(name, &columns.unlisted);
        Some(!unlisted && self.is_among(name, &columns.names))
    }
}
