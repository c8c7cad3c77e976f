use serde::{Deserialize, Serialize};

use super::constraint::{Constraint, Statistics};
use super::expression::Unreadable;
use super::identity::Identity;
use super::index::Index;
use super::property::Property;
use crate::database::Dialect;

/// A table as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The schema that it is in (`main` on SQLite).
    pub schema: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its indexes, those behind constraints too.
    pub indexes: Vec<Index>,
    /// The names in its schema that no new index can have.
    pub names: Vec<String>,
    /// By what its rows can be walked in batches.
    pub key: Key,
    /// Its checks and foreign keys.
    pub constraints: Vec<Constraint>,
    /// Its statistics over several columns (PostgreSQL).
    pub statistics: Vec<Statistics>,
    /// Whether making a column NOT NULL was cut short, and has left its check (PostgreSQL).
    pub unfinished_not_null: bool,
    /// The sequences that columns own: for each, the column and the sequence as SQL (PostgreSQL).
    pub sequences: Vec<(String, String)>,
    /// What keeps columns of the table from being carried over: for each, the column, and the
    /// object with what it does, in words.
    pub dependents: Vec<(String, String)>,
    /// Why the whole table cannot take part.
    pub unfit: Vec<String>,
}

/// A column as the catalog describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as SQL.
    pub sql_type: String,
    /// Its collation as SQL, where it is not the type's own.
    pub collation: Option<String>,
    /// Its default as SQL, if it has one.
    pub default: Option<String>,
    /// Whether two columns with this default get the same value in one statement, and a column
    /// can be added with it.
    pub default_repeats: bool,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Whether its value is computed: generated, `AUTO_INCREMENT`, or SQLite's row id.
    pub computed: bool,
    /// How the database numbers the rows by it (PostgreSQL). The next number is then its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Its comment, where changing the column would lose it (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether it is computed when a row is written, and stored (MariaDB).
    #[serde(default)]
    pub stored: bool,
    /// Whether `*` leaves it out (MariaDB).
    #[serde(default)]
    pub invisible: bool,
    /// Whether an UPDATE that leaves it out sets it (MariaDB's `ON UPDATE CURRENT_TIMESTAMP`).
    #[serde(default)]
    pub on_update: bool,
    /// The check in its definition, as SQL (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What else it has that a copy needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The name of its NOT NULL constraint, where such a constraint has one (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_name: Option<String>,
    /// The comment of that constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_comment: Option<String>,
}

/// By what the rows of a table are walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// SQLite's row id, by a name that no column of the table hides.
    RowId(&'static str),
    /// The columns of a unique key, none of them nullable.
    Columns(Vec<KeyColumn>),
    /// PostgreSQL's `ctid`, the physical location of a row, for a table without a key.
    Ctid,
    /// Nothing: MariaDB shows no physical location of a row.
    None,
}

/// A column of a key, with its type as SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// The column's name.
    pub name: String,
    /// Its type, as SQL.
    pub sql_type: String,
}

/// What the migrator notes of a column before it changes it, so that a rollback can make it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The column.
    pub column: Column,
    /// The indexes that it is in.
    pub indexes: Vec<Index>,
    /// Their twins on the other column, by the names that they are or will be built under.
    pub twins: Vec<Index>,
    /// The schema of the table: a name without one may be another table's in another session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The checks and foreign keys that are about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// The objects that the user has looked at and declared to be no obstacle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

impl Table {
    /// The column of that name, by the dialect's own rule.
    #[must_use]
    pub fn column(&self, dialect: Dialect, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| dialect.same_column(&column.name, name))
    }

    /// The indexes that a column is in.
    ///
    /// # Errors
    /// An expression of one of them cannot be read.
    pub fn indexes_of(&self, dialect: Dialect, name: &str) -> Result<Vec<&Index>, Unreadable> {
        select(&self.indexes, |index| index.uses(dialect, name))
    }

    /// The checks and foreign keys that are about a column.
    ///
    /// # Errors
    /// An expression of one of them cannot be read.
    pub fn constraints_of(
        &self,
        dialect: Dialect,
        name: &str,
    ) -> Result<Vec<&Constraint>, Unreadable> {
        select(&self.constraints, |constraint| constraint.uses(dialect, name))
    }

    /// The statistics over several columns that are about a column.
    ///
    /// # Errors
    /// An expression of one of them cannot be read.
    pub fn statistics_of(&self, name: &str) -> Result<Vec<&Statistics>, Unreadable> {
        select(&self.statistics, |statistics| statistics.uses(name))
    }
}

fn select<T>(
    all: &[T],
    wanted: impl Fn(&T) -> Result<bool, Unreadable>,
) -> Result<Vec<&T>, Unreadable> {
    let mut found = Vec::new();
    for one in all {
        if wanted(one)? {
            found.push(one);
        }
    }
    Ok(found)
}

/// The columns of a table by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The schema that the table is in.
    pub schema: String,
    /// Every physical column, in order.
    pub columns: Vec<String>,
    /// Those of them that `*` leaves out: `INVISIBLE`, as MariaDB and MySQL have them.
    pub invisible: Vec<String>,
    /// Those that an insert by position passes over: the generated ones, on SQLite.
    pub generated: Vec<String>,
}
