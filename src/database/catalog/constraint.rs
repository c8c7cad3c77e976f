//! Checks, foreign keys and extended statistics, and their counterparts on another column.

use serde::{Deserialize, Serialize};

use super::expression::{Unreadable, names, same, with_column};
use crate::database::Dialect;

/// A constraint without an index: a check or a foreign key of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// Its name.
    pub name: String,
    /// Its rule.
    pub rule: ConstraintRule,
    /// The text after the rule in its definition, such as ` NO INHERIT`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// True if every row is known to satisfy it.
    pub valid: bool,
    /// Its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The rule of a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConstraintRule {
    /// `CHECK (expression)`.
    Check {
        /// The expression as SQL.
        expression: String,
        /// The column whose definition contains it (MariaDB).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of_column: Option<String>,
    },
    /// `FOREIGN KEY (columns) REFERENCES …`.
    ForeignKey {
        /// Its columns, in order.
        columns: Vec<String>,
        /// The rest of the definition, from `REFERENCES` on, as SQL.
        references: String,
    },
}

impl Constraint {
    /// Returns true if it uses the column.
    ///
    /// # Errors
    /// Its expression cannot be read.
    pub fn uses(&self, dialect: Dialect, column: &str) -> Result<bool, Unreadable> {
        match &self.rule {
            ConstraintRule::Check { expression, .. } => names(dialect, expression, column),
            ConstraintRule::ForeignKey { columns, .. } => {
                Ok(columns.iter().any(|own| dialect.same_column(own, column)))
            }
        }
    }

    /// Returns the same constraint on another column, with its own name unchanged.
    ///
    /// # Errors
    /// Its expression cannot be read.
    pub fn on(&self, dialect: Dialect, column: &str, other: &str) -> Result<Self, Unreadable> {
        let moved = |name: &String| {
            if dialect.same_column(name, column) { other.to_owned() } else { name.clone() }
        };
        let rule = match &self.rule {
            ConstraintRule::Check { expression, of_column } => ConstraintRule::Check {
                expression: with_column(dialect, expression, column, other)?,
                of_column: of_column.as_ref().map(moved),
            },
            ConstraintRule::ForeignKey { columns, references } => ConstraintRule::ForeignKey {
                columns: columns.iter().map(moved).collect(),
                references: references.clone(),
            },
        };
        Ok(Self { rule, ..self.clone() })
    }

    /// Returns true if `twin` has the same rule on `other` that this one has on `column`; names may
    /// differ.
    #[must_use]
    pub fn is_like(&self, dialect: Dialect, column: &str, twin: &Self, other: &str) -> bool {
        let rule = match (&self.rule, &twin.rule) {
            (
                ConstraintRule::Check { expression: own, .. },
                ConstraintRule::Check { expression: its, .. },
            ) => same(dialect, (own, column), (its, other)),
            (
                ConstraintRule::ForeignKey { columns: own, references },
                ConstraintRule::ForeignKey { columns: its, references: other_references },
            ) => {
                let matches = |(own, its): (&String, &String)| {
                    let moved = if dialect.same_column(own, column) { other } else { own };
                    dialect.same_column(moved, its)
                };
                own.len() == its.len()
                    && own.iter().zip(its).all(matches)
                    && references == other_references
            }
            _ => false,
        };
        rule && self.suffix == twin.suffix
    }

    /// Returns true if also both are equally known to hold, and have the same comment.
    #[must_use]
    pub fn is_equal_to(&self, dialect: Dialect, column: &str, twin: &Self, other: &str) -> bool {
        self.is_like(dialect, column, twin, other)
            && self.valid == twin.valid
            && self.comment == twin.comment
    }

    /// Its definition as SQL, without its name.
    ///
    /// # Errors
    /// A name cannot be quoted.
    pub fn definition(&self, dialect: Dialect) -> Result<String, crate::model::InvalidName> {
        let rule = match &self.rule {
            ConstraintRule::Check { expression, .. } => format!("CHECK ({expression})"),
            ConstraintRule::ForeignKey { columns, references } => {
                let quoted = columns.iter().map(|name| {
                    Ok::<_, crate::model::InvalidName>(
                        dialect.quote(&crate::model::Identifier::new(name.as_str())?),
                    )
                });
                let columns = quoted.collect::<Result<Vec<_>, _>>()?.join(", ");
                format!("FOREIGN KEY ({columns}) {references}")
            }
        };
        Ok(format!("{rule}{}", self.suffix))
    }

    /// The word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.rule {
            ConstraintRule::Check { .. } => "check",
            ConstraintRule::ForeignKey { .. } => "foreign key",
        }
    }
}

/// Extended statistics: over several columns or expressions (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// The schema.
    pub schema: String,
    /// The name.
    pub name: String,
    /// The kinds, such as `ndistinct`.
    pub kinds: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// The expressions as SQL, in order.
    pub expressions: Vec<String>,
    /// The number of values that ANALYZE samples; -1 for the server's setting.
    pub target: i32,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Statistics {
    /// Returns true if they use the column.
    ///
    /// # Errors
    /// An expression cannot be read.
    pub fn uses(&self, column: &str) -> Result<bool, Unreadable> {
        if self.columns.iter().any(|own| own == column) {
            return Ok(true);
        }
        for sql in &self.expressions {
            if names(Dialect::Postgres, sql, column)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the same statistics on another column.
    ///
    /// # Errors
    /// An expression cannot be read.
    pub fn on(&self, column: &str, other: &str) -> Result<Self, Unreadable> {
        let moved = |name: &String| if name == column { other.to_owned() } else { name.clone() };
        let expressions = self.expressions.iter();
        let expressions = expressions.map(|sql| with_column(Dialect::Postgres, sql, column, other));
        Ok(Self {
            columns: self.columns.iter().map(moved).collect(),
            expressions: expressions.collect::<Result<_, _>>()?,
            ..self.clone()
        })
    }

    /// Returns true if `twin` is on `other` the same statistics that these are on `column`.
    /// PostgreSQL stores the columns in the order of the table, so the order differs for a copy.
    #[must_use]
    pub fn is_equal_to(&self, column: &str, twin: &Self, other: &str) -> bool {
        let mut own: Vec<&str> = self
            .columns
            .iter()
            .map(|name| if name == column { other } else { name.as_str() })
            .collect();
        let mut its: Vec<&str> = twin.columns.iter().map(String::as_str).collect();
        own.sort_unstable();
        its.sort_unstable();
        own == its
            && self.kinds == twin.kinds
            && self.target == twin.target
            && self.comment == twin.comment
            && self.expressions.len() == twin.expressions.len()
            && self
                .expressions
                .iter()
                .zip(&twin.expressions)
                .all(|(own, its)| same(Dialect::Postgres, (own, column), (its, other)))
    }
}
