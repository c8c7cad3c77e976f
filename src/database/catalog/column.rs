use serde::{Deserialize, Serialize};

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
    /// What depends on columns of the table and cannot be carried over yet: for each, the column
    /// and the object as the database describes it.
    pub dependents: Vec<(String, String)>,
    /// Why the whole table cannot take part, if it cannot.
    pub unfit: Option<String>,
}

/// A column as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether its value is computed: generated, identity, or SQLite's row id.
    pub computed: bool,
    /// Its comment, where changing the column would lose it (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// An index as the catalog describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// Whether a UNIQUE or PRIMARY KEY constraint stands behind it.
    pub constraint: bool,
    /// Whether it is the primary key's.
    pub primary: bool,
    /// Whether it is plain columns of all rows, so that it can be built on another column.
    pub plain: bool,
    /// The access method, such as `btree`.
    pub method: String,
    /// Its columns, in order; empty where an expression is among them.
    pub columns: Vec<IndexColumn>,
    /// Whether it is complete; an interrupted concurrent build leaves one that is not.
    pub valid: bool,
}

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexColumn {
    /// The column's name.
    pub name: String,
    /// What follows the name in the index's definition: collation, operator class, order.
    pub suffix: String,
}

/// By what the rows of a table are walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// SQLite's row id, by a name that no column of the table hides.
    RowId(&'static str),
    /// The columns of a unique key, none of them nullable.
    Columns(Vec<KeyColumn>),
    /// PostgreSQL's place of a row in the file, for a table without a key.
    Place,
    /// Nothing: MariaDB shows no place of a row.
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
}

impl Table {
    /// The column of that name, by the dialect's own rule.
    #[must_use]
    pub fn column(&self, dialect: Dialect, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| dialect.same_column(&column.name, name))
    }

    /// The indexes that a column is in.
    #[must_use]
    pub fn indexes_of(&self, dialect: Dialect, name: &str) -> Vec<Index> {
        let has = |index: &&Index| {
            index.columns.iter().any(|column| dialect.same_column(&column.name, name))
        };
        self.indexes.iter().filter(has).cloned().collect()
    }
}
