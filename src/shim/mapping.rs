//! The physical columns of each renamed column, in one state of the database. Pure.

use std::collections::HashMap;

use super::retyped::{Around, Retyped};
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

/// A table with at least one renamed column.
#[derive(Debug, Clone)]
pub struct MappedTable {
    /// The table. Without a schema, it is in the connection's default schema.
    pub table: TableName,
    /// The schemas in which `table` also counts as this table when the SQL text names one
    /// explicitly (PostgreSQL: the default schema's name, such as `public`; SQLite: `main`).
    pub default_schema: Option<String>,
    /// Every physical column in table order, as the catalog stores the names. Empty if the columns
    /// are not known; then `*` and inserts by position are errors.
    pub physical: Vec<String>,
    /// The physical columns that neither `*` nor an insert by position includes: the `INVISIBLE`
    /// columns of MariaDB and MySQL.
    pub invisible: Vec<String>,
    /// The generated columns that an insert by position skips, as SQLite does.
    pub generated: Vec<String>,
    /// The renamed columns.
    pub columns: Vec<MappedColumn>,
    /// True if one of them may get its other name at any moment.
    pub unsettled: bool,
    /// The physical columns that `*` and an insert by position do not know of, because the code does
    /// without them.
    pub hidden: Vec<Identifier>,
    /// The names of dropped columns, which are in the table no more.
    pub gone: Vec<Identifier>,
}

/// A renamed column in its present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// The name before the rename.
    pub from: Identifier,
    /// The name after the rename.
    pub to: Identifier,
    /// The state of the rename in the database.
    pub state: State,
    /// The side whose name the code of this process uses. `SELECT *` returns the column by this
    /// name.
    pub code: Side,
    /// The names that the column had before `from`, from finished renames.
    pub aliases: Vec<Identifier>,
    /// The column's default, if it may give a different value each time.
    pub computed_default: Option<ComputedDefault>,
    /// The change that is about to drop it: a statement that names it is reported.
    pub dropped_by: Option<ChangeName>,
    /// True if its name may be gone when the statement arrives. Then it is written with its table
    /// wherever it may be: a bare name that is gone could be found in another table.
    pub moves: bool,
    /// The conversion, if the two columns have different types.
    pub retyped: Option<Box<Retyped>>,
}

impl MappedColumn {
    /// Returns the physical column that reads use.
    #[must_use]
    pub const fn read(&self) -> &Identifier {
        self.side(self.state.reads())
    }

    /// Returns the texts around the column that reads use, if it does not have the code's type.
    #[must_use]
    pub fn read_around(&self) -> Option<&Around> {
        self.retyped.as_ref()?.reading(self.state.reads())
    }

    /// Returns the physical columns that writes set. The column that reads use comes last: MariaDB
    /// evaluates assignments from left to right, and a value that an assignment reads from the
    /// column must be the one from before the statement (docs/explanation/protocol.md, section 4).
    pub fn written(&self) -> impl Iterator<Item = &Identifier> {
        self.written_sides().map(|side| self.side(side))
    }

    /// Returns the sides of these columns, in the same order.
    pub fn written_sides(&self) -> impl Iterator<Item = Side> {
        let writes = self.state.writes();
        let (first, last) = match self.state.reads() {
            Side::From => ((writes.to, Side::To), (writes.from, Side::From)),
            Side::To => ((writes.from, Side::From), (writes.to, Side::To)),
        };
        [first, last].into_iter().filter(|(set, _)| *set).map(|(_, side)| side)
    }

    /// Returns the texts around a value that is written to the column of one side, if that does not
    /// have the code's type.
    #[must_use]
    pub fn written_around(&self, side: Side) -> Option<&Around> {
        self.retyped.as_ref()?.writing(side)
    }

    /// Returns true if a value is not written just once and as it is.
    #[must_use]
    pub fn changes_value(&self) -> bool {
        let mut sides = self.written_sides();
        match (sides.next(), sides.next()) {
            (Some(only), None) => self.written_around(only).is_some(),
            _ => true,
        }
    }

    /// Returns the default that the shim has to send while two columns are written, since the
    /// database would give each of them a value of its own. `None` if only one is written.
    #[must_use]
    pub fn sent_default(&self) -> Option<&ComputedDefault> {
        self.computed_default.as_ref().filter(|_| self.written().count() > 1)
    }

    /// Returns true if writes set the column of the code's own type, where the two have different types:
    /// then a row that is about to be inserted has it.
    #[must_use]
    pub fn writes_own_type(&self) -> bool {
        let written = |side| self.written_sides().any(|own| own == side);
        self.retyped.as_ref().is_some_and(|retyped| written(retyped.typed))
    }

    /// Returns the physical column of the code's own type.
    #[must_use]
    pub fn typed_column(&self) -> &Identifier {
        self.retyped.as_ref().map_or(self.read(), |retyped| self.side(retyped.typed))
    }

    /// Returns the name of one side.
    #[must_use]
    pub const fn side(&self, side: Side) -> &Identifier {
        match side {
            Side::From => &self.from,
            Side::To => &self.to,
        }
    }
}

impl MappedTable {
    /// Finds a renamed column by any of its names, given as the catalog would store it.
    #[must_use]
    pub fn column(&self, dialect: Dialect, name: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|column| {
            [&column.from, &column.to]
                .into_iter()
                .chain(&column.aliases)
                .any(|own| dialect.same_column(own.as_str(), name))
        })
    }

    /// Adds a column. If a rename begins with the name that a finished rename ended with, the names
    /// of the finished one become aliases of the later one, whose state says where the column is.
    fn add(&mut self, mut column: MappedColumn) {
        let finished_into = |earlier: &MappedColumn, later: &MappedColumn| {
            earlier.state == State::Contracted
                && (earlier.to == later.from || later.aliases.contains(&earlier.to))
        };
        let into = self.columns.iter().position(|later| finished_into(&column, later));
        if let Some(mut later) = into.map(|at| self.columns.remove(at)) {
            later.aliases.push(column.from);
            later.aliases.append(&mut column.aliases);
            column = later;
        }
        while let Some(at) = self.columns.iter().position(|other| finished_into(other, &column)) {
            let earlier = self.columns.remove(at);
            column.aliases.push(earlier.from);
            column.aliases.extend(earlier.aliases);
        }
        self.columns.push(column);
    }
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
mod tests {
    use super::*;

    fn rename(table: &str) -> ColumnPair {
        ColumnPair {
            table: table.parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        }
    }

    #[test]
    fn each_state_reads_and_writes_its_columns() {
        for (state, read, written) in [
            (State::Pending, "username", vec!["username"]),
            (State::DualWrite, "username", vec!["handle", "username"]),
            (State::ReadTo, "handle", vec!["username", "handle"]),
            (State::WriteTo, "handle", vec!["handle"]),
            (State::Contracted, "handle", vec!["handle"]),
        ] {
            let mut mapping = Mapping::default();
            mapping.add(&rename("users"), state, Side::To, None, &[]);
            let table = mapping.table(Dialect::Sqlite, None, "Users").unwrap();
            let column = table.column(Dialect::Sqlite, "USERNAME").unwrap();
            assert_eq!(column.read().as_str(), read, "{state}");
            assert_eq!(
                column.written().map(Identifier::as_str).collect::<Vec<_>>(),
                written,
                "{state}"
            );
        }
    }

    #[test]
    fn a_name_from_two_renames_ago_still_means_the_column() {
        let step = |from: &str, to: &str| ColumnPair {
            table: "users".parse().unwrap(),
            from: Identifier::new(from).unwrap(),
            to: Identifier::new(to).unwrap(),
        };
        let renames = [
            (step("login", "username"), State::Contracted),
            (step("username", "handle"), State::Contracted),
            (step("handle", "nick"), State::DualWrite),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
            let mut mapping = Mapping::default();
            for at in order {
                let (rename, state) = &renames[at];
                mapping.add(rename, *state, Side::To, None, &[]);
            }
            let table = mapping.table(Dialect::Postgres, None, "users").unwrap();
            for name in ["login", "username", "handle", "nick"] {
                let column = table.column(Dialect::Postgres, name).unwrap();
                assert_eq!(column.read().as_str(), "handle", "{name} in order {order:?}");
            }
        }
    }

    #[test]
    fn a_table_is_found_with_and_without_its_default_schema() {
        let mut mapping = Mapping::default();
        mapping.add(&rename("users"), State::Pending, Side::To, Some("public"), &[]);
        mapping.add(&rename("app.people"), State::Pending, Side::To, Some("public"), &[]);
        let find = |schema, name| mapping.table(Dialect::Postgres, schema, name).is_some();
        assert!(find(None, "users") && find(Some("public"), "users"));
        assert!(!find(Some("other"), "users") && !find(None, "USERS"));
        assert!(find(Some("app"), "people") && !find(None, "people"));
    }

    /// Tables whose renames are finished take no number; those without a number of their own are never
    /// known to be held, so that each of their statements is protected.
    #[test]
    fn any_number_of_tables_may_be_unsettled() {
        let mut mapping = Mapping::default();
        for at in 0..80 {
            let state = if at < 40 { State::Contracted } else { State::Announced };
            mapping.add(&rename(&format!("t{at}")), state, Side::To, None, &[]);
        }
        let number =
            |mapping: &Mapping, at: usize| mapping.number_of_unsettled(&mapping.tables()[at]);
        mapping.unsettle(&rename("t40"));
        assert_eq!((number(&mapping, 0), number(&mapping, 40)), (None, Some(0)));
        assert_eq!(mapping.unsettled(), TableSet(1));
        for at in 41..80 {
            mapping.unsettle(&rename(&format!("t{at}")));
        }
        let mut opened = TableSet::default();
        for at in 40..80 {
            opened.insert(number(&mapping, at).unwrap());
        }
        assert_eq!(mapping.unsettled().0 & !opened.0, TableSet::REST);
    }
}
