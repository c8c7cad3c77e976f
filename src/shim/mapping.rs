//! The physical columns of each renamed column, in one state of the database. Pure.

use std::collections::HashMap;

use super::mapped_column::MappedColumn;
use super::mapped_table::MappedTable;
use super::retyped::Retyped;
use super::table_set::TableSet;
use crate::database::Dialect;
use crate::model::{ChangeName, ColumnPair, ComputedDefault, Identifier, Side, State, TableName};

/// The present physical columns of each renamed column, by which the shim rewrites.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    tables: Vec<MappedTable>,
    /// Positions in `tables`, by lower-case table name without schema.
    by_name: HashMap<String, Vec<usize>>,
}

impl Mapping {
    /// Adds one rename in its state. `code` is the side whose name the code of this process uses.
    /// `physical` and `default_schema` describe the table and are taken from the first call for it.
    pub fn add(
        &mut self,
        rename: &ColumnPair,
        state: State,
        code: Side,
        default_schema: Option<&str>,
        physical: &[String],
    ) {
        let column = MappedColumn {
            from: rename.from.clone(),
            to: rename.to.clone(),
            state,
            code,
            aliases: Vec::new(),
            computed_default: None,
            dropped_by: None,
            moves: false,
            retyped: None,
        };
        self.entry(&rename.table, default_schema, physical).add(column);
    }

    /// Adds a column that is being dropped by the change with this name, in its state. `code` is the
    /// side that the code of this process is on: from `To` on, it does without the column.
    pub fn add_dropped(
        &mut self,
        columns: &ColumnPair,
        (change, state): (&ChangeName, State),
        code: Side,
        default_schema: Option<&str>,
        physical: &[String],
    ) {
        let table = self.entry(&columns.table, default_schema, physical);
        table.hidden.push(columns.to.clone());
        if !state.columns().from {
            table.gone.push(columns.from.clone());
            return;
        }
        if code == Side::To {
            table.hidden.push(columns.from.clone());
        }
        table.add(MappedColumn {
            from: columns.from.clone(),
            to: columns.from.clone(),
            state,
            code: Side::From,
            aliases: Vec::new(),
            computed_default: None,
            dropped_by: (state != State::Pending).then(|| change.clone()),
            moves: false,
            retyped: None,
        });
    }

    /// The table with this name, which is added where it is not there.
    fn entry(
        &mut self,
        name: &TableName,
        default_schema: Option<&str>,
        physical: &[String],
    ) -> &mut MappedTable {
        let at = self.tables.iter().position(|mapped| mapped.table == *name);
        let at = at.unwrap_or_else(|| {
            let names = self.by_name.entry(name.name.as_str().to_lowercase()).or_default();
            names.push(self.tables.len());
            self.tables.push(MappedTable {
                table: name.clone(),
                default_schema: default_schema.map(str::to_owned),
                physical: physical.to_vec(),
                invisible: Vec::new(),
                generated: Vec::new(),
                columns: Vec::new(),
                unsettled: false,
                hidden: Vec::new(),
                gone: Vec::new(),
            });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }

    /// Sets the default of a renamed column that was added before.
    pub fn add_default(&mut self, rename: &ColumnPair, default: ComputedDefault) {
        let columns = self
            .tables
            .iter_mut()
            .filter(|mapped| mapped.table == rename.table)
            .flat_map(|mapped| &mut mapped.columns);
        let own = |column: &&mut MappedColumn| column.from == rename.from && column.to == rename.to;
        if let Some(column) = columns.into_iter().find(own) {
            column.computed_default = Some(default);
        }
    }

    /// Sets the conversion of a column that was added before.
    pub fn retype(&mut self, columns: &ColumnPair, retyped: Retyped) {
        let tables = self.tables.iter_mut().filter(|mapped| mapped.table == columns.table);
        let mut all = tables.flat_map(|mapped| &mut mapped.columns);
        if let Some(own) = all.find(|own| own.from == columns.from && own.to == columns.to) {
            own.retyped = Some(Box::new(retyped));
        }
    }

    /// Sets the invisible and the generated columns of a renamed column's table.
    pub fn leave_out(&mut self, rename: &ColumnPair, invisible: &[String], generated: &[String]) {
        for mapped in self.tables.iter_mut().filter(|mapped| mapped.table == rename.table) {
            mapped.invisible = invisible.to_vec();
            mapped.generated = generated.to_vec();
        }
    }

    /// Notes that the name of a renamed column may be gone when a statement arrives.
    pub fn move_name(&mut self, rename: &ColumnPair) {
        let tables = self.tables.iter_mut().filter(|mapped| mapped.table == rename.table);
        let columns = tables.flat_map(|mapped| &mut mapped.columns);
        let is_it = |column: &&mut MappedColumn| {
            [&column.from, &column.to]
                .into_iter()
                .chain(&column.aliases)
                .any(|own| *own == rename.to)
        };
        for column in columns.filter(is_it) {
            column.moves = true;
        }
    }

    /// Notes that a renamed column may get its other name at any moment.
    pub fn unsettle(&mut self, rename: &ColumnPair) {
        for mapped in self.tables.iter_mut().filter(|mapped| mapped.table == rename.table) {
            mapped.unsettled = true;
        }
    }

    /// Returns the tables of which a column may get its other name at any moment.
    #[must_use]
    pub fn unsettled(&self) -> TableSet {
        let numbers = 0..self.tables.iter().filter(|table| table.unsettled).count();
        TableSet::to_hold(numbers)
    }

    /// The number of a table among those of which a column may get its other name at any moment.
    #[must_use]
    pub fn number_of_unsettled(&self, table: &MappedTable) -> Option<usize> {
        let mut unsettled = self.tables.iter().filter(|table| table.unsettled);
        unsettled.position(|own| std::ptr::eq(own, table))
    }

    /// Returns true if no column is renamed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Returns every mapped table.
    #[must_use]
    pub fn tables(&self) -> &[MappedTable] {
        &self.tables
    }

    /// Finds the mapped table that `schema.name` refers to. Both parts are given as the catalog
    /// would store them: the caller has folded unquoted names.
    #[must_use]
    pub fn table(
        &self,
        dialect: Dialect,
        schema: Option<&str>,
        name: &str,
    ) -> Option<&MappedTable> {
        let same = |a: &str, b: &str| match dialect {
            Dialect::Postgres => a == b,
            Dialect::Sqlite => a.eq_ignore_ascii_case(b),
            // The case of table names in MariaDB depends on lower_case_table_names. A table that
            // matches wrongly only costs a lookup; one that is missed would be a lost write.
            Dialect::MariaDb => a.to_lowercase() == b.to_lowercase(),
        };
        self.by_name.get(&name.to_lowercase())?.iter().map(|at| &self.tables[*at]).find(|mapped| {
            same(mapped.table.name.as_str(), name)
                && match (schema, mapped.table.schema.as_ref().map(Identifier::as_str)) {
                    (None, None) => true,
                    (Some(given), Some(own)) => same(given, own),
                    (Some(given), None) | (None, Some(given)) => {
                        mapped.default_schema.as_deref().is_some_and(|default| same(default, given))
                    }
                }
        })
    }
}

#[cfg(test)]
mod tests;
