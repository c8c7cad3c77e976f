//! The two columns of a change of type, as SQL: what each of them should hold, given the other.

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps::{Assigned, Watched, distinct};
use crate::database::Dialect;
use crate::database::catalog::Column;
use crate::model::{ColumnPair, Conversion, InvalidSql, Side, Template};

/// Two columns of different types.
pub(super) struct Twins {
    dialect: Dialect,
    pub columns: ColumnPair,
    pub conversion: Conversion,
    using: Template,
    back: Template,
}

impl Twins {
    pub fn new(
        dialect: Dialect,
        columns: &ColumnPair,
        conversion: Conversion,
    ) -> Result<Self, InvalidSql> {
        let column = columns.from.as_str();
        let using = Template::parse(&conversion.expressions.using, column)?;
        let back = Template::parse(&conversion.expressions.back, column)?;
        Ok(Self { dialect, columns: columns.clone(), conversion, using, back })
    }

    /// The columns of a change that has begun.
    pub async fn recorded(context: &Context<'_>) -> Result<Self, StageError> {
        let seen = context.seen().await?;
        let unknown = || StageError::Unknown { change: context.change.name.clone() };
        let conversion = seen.conversion.ok_or_else(unknown)?;
        Ok(Self::new(context.dialect(), context.columns(), conversion)?)
    }

    /// The type of one side.
    pub fn type_of(&self, side: Side) -> &str {
        match side {
            Side::From => &self.conversion.from_type,
            Side::To => &self.conversion.to_type,
        }
    }

    /// A value of one side, computed from a value of the other side.
    pub fn value(&self, side: Side, other: &str) -> String {
        match side {
            Side::From => self.back.fill(other),
            Side::To => self.using.fill(other),
        }
    }

    /// The same as an expression of just the type of the side, as it is once it has been stored.
    pub fn stored(&self, side: Side, other: &str) -> String {
        let value = self.value(side, other);
        match self.dialect {
            Dialect::Postgres => format!("CAST({value} AS {})", self.type_of(side)),
            Dialect::Sqlite | Dialect::MariaDb => value,
        }
    }

    /// The condition that two values of one side's type differ.
    pub fn distinct(&self, side: Side, left: &str, right: &str) -> String {
        let sql_type = self.type_of(side).to_owned();
        if self.dialect == Dialect::Postgres && sql_type == "json" {
            // The space between its parts is no part of the value, and json has no equality.
            return format!("(({left})::jsonb IS DISTINCT FROM ({right})::jsonb)");
        }
        distinct(self.dialect, &Column { sql_type, ..Column::default() }, left, right)
    }

    fn column(&self, side: Side, row: &str) -> String {
        let name = match side {
            Side::From => &self.columns.from,
            Side::To => &self.columns.to,
        };
        format!("{row}{}", self.dialect.quote(name))
    }

    /// The condition that the columns of a row do not hold the same value: one of them is not what it
    /// should be, given the other. `row` is empty, or `NEW.`.
    pub fn differ(&self, row: &str) -> String {
        let (from, to) = (self.column(Side::From, row), self.column(Side::To, row));
        let to_differs = self.distinct(Side::To, &to, &self.stored(Side::To, &from));
        let from_differs = self.distinct(Side::From, &from, &self.stored(Side::From, &to));
        format!("({to_differs} OR {from_differs})")
    }

    /// The condition that a value of one side's type is another one once it has been converted to the
    /// other type and back.
    pub fn is_lost(&self, side: Side, value: &str) -> String {
        let other = if side == Side::From { Side::To } else { Side::From };
        let back = self.stored(side, &self.stored(other, value));
        self.distinct(side, value, &back)
    }

    /// The assignment that gives each row the value of one side.
    pub fn assigned(&self, side: Side) -> Assigned {
        let other = if side == Side::From { Side::To } else { Side::From };
        let (target, source) = (self.column(side, ""), self.column(other, ""));
        let differs = self.distinct(side, &target, &self.stored(side, &source));
        Assigned { value: self.value(side, &source), target, differs }
    }

    /// The conditions of the guard on one side; `default` is that of the column on this side.
    pub fn watched(&self, side: Side, default: Option<&str>) -> Watched {
        let own = self.column(side, "NEW.");
        Watched {
            differs: self.differ("NEW."),
            changed: self.distinct(side, &own, &self.column(side, "OLD.")),
            left_out: default.map(|default| match self.dialect {
                Dialect::Postgres => {
                    let default = format!("CAST({default} AS {})", self.type_of(side));
                    self.distinct(side, &own, &default)
                }
                Dialect::Sqlite | Dialect::MariaDb => self.distinct(side, &own, default),
            }),
            values: "to values that convert into each other",
        }
    }

    /// The second column, as it is added beside the first one; `default` is its default.
    pub fn second(&self, from: &Column, default: Option<String>) -> Column {
        // A column of MariaDB's is compared as the first one was, if both are texts.
        let keeps = self.dialect == Dialect::MariaDb && is_text(&self.conversion.to_type);
        Column {
            name: self.columns.to.as_str().to_owned(),
            sql_type: self.conversion.to_type.clone(),
            collation: from.collation.clone().filter(|_| keeps),
            default,
            default_repeats: true,
            not_null_name: None,
            not_null_comment: None,
            ..from.clone()
        }
    }
}

/// Returns true if a type of MariaDB's has a collation.
pub(super) fn is_text(sql_type: &str) -> bool {
    let lower = sql_type.to_lowercase();
    ["char", "text", "enum", "set"].iter().any(|word| lower.contains(word))
}
