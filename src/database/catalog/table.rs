//! A table as the catalog describes it, with everything that belongs to its columns.

use super::column::Column;
use super::constraint::{Constraint, Statistics};
use super::expression::Unreadable;
use super::index::Index;
use super::key::Key;
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
    /// The objects that depend on columns.
    pub dependents: Vec<Dependent>,
    /// What a copy of a column would not have: the column, and the reason, in words.
    pub uncopied: Vec<(String, String)>,
    /// The reasons why no column of the table can be renamed.
    pub unfit: Vec<String>,
}

/// An object that depends on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// The column.
    pub column: String,
    /// The object with the reason, in words.
    pub words: String,
    /// True if the database would refuse to change the type of the column, or read every row, because of it.
    pub fixes_type: bool,
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
