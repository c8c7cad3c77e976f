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
    /// Its indexes, including those of constraints.
    pub indexes: Vec<Index>,
    /// The names in its schema that a new index cannot have.
    pub names: Vec<String>,
    /// The key by which its rows can be read in batches.
    pub key: Key,
    /// Its checks and foreign keys.
    pub constraints: Vec<Constraint>,
    /// Its statistics over several columns (PostgreSQL).
    pub statistics: Vec<Statistics>,
    /// True if making a column NOT NULL was interrupted and has left its check behind (PostgreSQL).
    pub unfinished_not_null: bool,
    /// The sequences that its columns own: the column, and the sequence as SQL (PostgreSQL).
    pub sequences: Vec<(String, String)>,
    /// The objects that depend on columns: the column, and the object with the reason, in words.
    pub dependents: Vec<(String, String)>,
    /// What a copy of a column would not have: the column, and the reason, in words.
    pub uncopied: Vec<(String, String)>,
    /// The reasons why no column of the table can be renamed.
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
    /// Its collation as SQL, if it is not the type's default.
    pub collation: Option<String>,
    /// Its default as SQL, if it has one.
    pub default: Option<String>,
    /// True if two columns with this default get the same value in one statement, and a column can
    /// be added with it.
    pub default_repeats: bool,
    /// True if it is NOT NULL.
    pub not_null: bool,
    /// True if its value is computed: generated, `AUTO_INCREMENT`, or SQLite's row id.
    pub computed: bool,
    /// Its identity, if it is an identity column (PostgreSQL). The next number is then its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Its comment, if changing the column would lose it (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// True if it is computed when a row is written, and stored (MariaDB).
    #[serde(default)]
    pub stored: bool,
    /// True if `*` leaves it out (MariaDB).
    #[serde(default)]
    pub invisible: bool,
    /// True if an UPDATE that leaves it out sets it (MariaDB's `ON UPDATE CURRENT_TIMESTAMP`).
    #[serde(default)]
    pub on_update: bool,
    /// The check in its definition, as SQL (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// Its other properties that a copy needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The name of its NOT NULL constraint, if it has one (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_name: Option<String>,
    /// The comment of that constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_comment: Option<String>,
}

/// The key by which the rows of a table are read in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// SQLite's row id, under a name that no column of the table hides.
    RowId(&'static str),
    /// The columns of a unique key, none of them nullable.
    Columns(Vec<KeyColumn>),
    /// PostgreSQL's `ctid`, the physical location of a row, for a table without a key.
    Ctid,
    /// No key: MariaDB shows no physical location of a row.
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

/// The definition of a column that the migrator records before it changes the column, so that a
/// rollback can restore it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The column.
    pub column: Column,
    /// The indexes that it is in.
    pub indexes: Vec<Index>,
    /// The same indexes on the other column, under the names that they have or will be built with.
    pub twins: Vec<Index>,
    /// The schema of the table: without it, the name may mean another table in another session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The checks and foreign keys that use it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// The objects that the user has looked at and allowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

impl Table {
    /// The column with this name, by the dialect's own rule.
    #[must_use]
    pub fn column(&self, dialect: Dialect, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| dialect.same_column(&column.name, name))
    }

    /// The names of its columns.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The indexes that contain a column.
    ///
    /// # Errors
    /// An expression of one of them cannot be read.
    pub fn indexes_of(&self, dialect: Dialect, name: &str) -> Result<Vec<&Index>, Unreadable> {
        select(&self.indexes, |index| index.uses(dialect, name))
    }

    /// The checks and foreign keys that use a column.
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

    /// The extended statistics that use a column.
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
