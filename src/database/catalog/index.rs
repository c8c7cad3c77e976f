//! An index, and its counterpart on another column.

use serde::{Deserialize, Serialize};

use super::expression::{Unreadable, names, same, with_column};
use crate::database::Dialect;

/// An index as the catalog describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// True if it refuses duplicates.
    pub unique: bool,
    /// True if it belongs to a UNIQUE or PRIMARY KEY constraint.
    pub constraint: bool,
    /// True if it is the primary key's index.
    pub primary: bool,
    /// True if it consists of plain columns of all rows, so that rows can be read in its order.
    pub plain: bool,
    /// The access method, such as `btree`.
    pub method: String,
    /// Its columns and expressions, in order.
    pub columns: Vec<IndexColumn>,
    /// True if it is complete; an interrupted concurrent build leaves an incomplete one.
    pub valid: bool,
    /// The columns that it only stores (`INCLUDE`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// The condition of a partial index, as SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// True if two nulls are duplicates.
    #[serde(default)]
    pub nulls_not_distinct: bool,
    /// The time at which its constraint is checked, as SQL: `DEFERRABLE INITIALLY DEFERRED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<String>,
    /// Its storage parameters, each as `name = 'value'`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Its tablespace, if that is not the database's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The comment of its constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint_comment: Option<String>,
    /// True if CLUSTER uses it.
    #[serde(default)]
    pub clustered: bool,
    /// True if it is the replica identity.
    #[serde(default)]
    pub replica_identity: bool,
    /// True if the optimizer ignores it (MariaDB's IGNORED).
    #[serde(default)]
    pub ignored: bool,
}

/// A column or an expression of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexColumn {
    /// The column's name; empty for an expression.
    pub name: String,
    /// The text after it in the index's definition: collation, operator class, order; or a length.
    pub suffix: String,
    /// The expression as SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The number of values that ANALYZE samples, if it is not the server's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<i32>,
}

impl IndexColumn {
    fn uses(&self, dialect: Dialect, column: &str) -> Result<bool, Unreadable> {
        match &self.expression {
            Some(sql) => names(dialect, sql, column),
            None => Ok(dialect.same_column(&self.name, column)),
        }
    }

    fn on(&self, dialect: Dialect, column: &str, other: &str) -> Result<Self, Unreadable> {
        let expression = self.expression.as_deref();
        Ok(Self {
            name: moved(dialect, &self.name, column, other),
            suffix: self.suffix.clone(),
            expression: expression
                .map(|sql| with_column(dialect, sql, column, other))
                .transpose()?,
            statistics: self.statistics,
        })
    }

    fn is_like(&self, dialect: Dialect, column: &str, twin: &Self, other: &str) -> bool {
        let same_expression = match (&self.expression, &twin.expression) {
            (Some(own), Some(its)) => same(dialect, (own, column), (its, other)),
            (None, None) => {
                dialect.same_column(&moved(dialect, &self.name, column, other), &twin.name)
            }
            _ => false,
        };
        same_expression && self.suffix == twin.suffix
    }
}

impl Index {
    /// Returns true if it uses the column in any part: a column, an expression, or the condition of
    /// a partial index.
    ///
    /// # Errors
    /// An expression cannot be read.
    pub fn uses(&self, dialect: Dialect, column: &str) -> Result<bool, Unreadable> {
        if self.include.iter().any(|own| dialect.same_column(own, column)) {
            return Ok(true);
        }
        for part in &self.columns {
            if part.uses(dialect, column)? {
                return Ok(true);
            }
        }
        self.predicate.as_deref().map_or(Ok(false), |sql| names(dialect, sql, column))
    }

    /// Returns the same index on another column, with its own name unchanged.
    ///
    /// # Errors
    /// An expression cannot be read.
    pub fn on(&self, dialect: Dialect, column: &str, other: &str) -> Result<Self, Unreadable> {
        let columns = self.columns.iter().map(|part| part.on(dialect, column, other));
        let predicate = self.predicate.as_deref();
        Ok(Self {
            columns: columns.collect::<Result<_, _>>()?,
            include: self.include.iter().map(|own| moved(dialect, own, column, other)).collect(),
            predicate: predicate.map(|sql| with_column(dialect, sql, column, other)).transpose()?,
            primary: false,
            ..self.clone()
        })
    }

    /// Returns true if `twin` is on `other` the same index that this one is on `column`; names may
    /// differ. The constraint is not compared, since SQLite has none for an index that was not
    /// created with its table.
    #[must_use]
    pub fn is_like(&self, dialect: Dialect, column: &str, twin: &Self, other: &str) -> bool {
        let columns = || {
            self.columns.len() == twin.columns.len()
                && self
                    .columns
                    .iter()
                    .zip(&twin.columns)
                    .all(|(own, its)| own.is_like(dialect, column, its, other))
        };
        let include = || {
            let own = self.include.iter().map(|own| moved(dialect, own, column, other));
            own.collect::<Vec<_>>() == twin.include
        };
        let predicate = || match (&self.predicate, &twin.predicate) {
            (Some(own), Some(its)) => same(dialect, (own, column), (its, other)),
            (own, its) => own == its,
        };
        self.unique == twin.unique
            && self.method == twin.method
            && self.nulls_not_distinct == twin.nulls_not_distinct
            && self.options == twin.options
            && self.tablespace == twin.tablespace
            && columns()
            && include()
            && predicate()
    }

    /// Returns true if everything that belongs to the index is equal too: its constraint, comments
    /// and marks.
    #[must_use]
    pub fn is_equal_to(&self, dialect: Dialect, column: &str, twin: &Self, other: &str) -> bool {
        let constraint = dialect == Dialect::Sqlite
            || (self.constraint, &self.deferrable) == (twin.constraint, &twin.deferrable);
        let statistics =
            |index: &Self| index.columns.iter().map(|part| part.statistics).collect::<Vec<_>>();
        self.is_like(dialect, column, twin, other)
            && twin.valid
            && constraint
            && statistics(self) == statistics(twin)
            && (&self.comment, &self.constraint_comment)
                == (&twin.comment, &twin.constraint_comment)
            && self.ignored == twin.ignored
    }
}

fn moved(dialect: Dialect, name: &str, column: &str, other: &str) -> String {
    if dialect.same_column(name, column) { other.to_owned() } else { name.to_owned() }
}
