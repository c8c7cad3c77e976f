//! The conversion of a column that gets another type, for the code of one process.
//!
//! Code with the type `bigint` reads the column `age`, an `integer`, as `CAST("age" AS bigint)`.

use crate::database::{Dialect, bare_type};
use crate::model::{Conversion, Identifier, InvalidSql, Side, Template};

/// A column whose two sides have different types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retyped {
    /// The side whose type the code of this process has.
    pub typed: Side,
    /// Around a column of the other side that is read.
    reads_other: Around,
    /// Around a value of the code's type that is written to the other side.
    writes_other: Around,
}

/// The texts around each place of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    texts: Vec<String>,
}

impl Retyped {
    /// The conversion of a column for code that has the type of one side.
    ///
    /// # Errors
    /// The recorded expressions cannot be read.
    pub fn new(
        dialect: Dialect,
        column: &Identifier,
        conversion: &Conversion,
        typed: Side,
    ) -> Result<Self, InvalidSql> {
        let Conversion { from_type, to_type, expressions, .. } = conversion;
        let using = Template::parse(&expressions.using, column.as_str())?;
        let back = Template::parse(&expressions.back, column.as_str())?;
        let (own, read, written) = match typed {
            Side::From => (from_type, &back, &using),
            Side::To => (to_type, &using, &back),
        };
        Ok(Self {
            typed,
            reads_other: Around::column(dialect, read, own),
            writes_other: Around::value(dialect, written, own),
        })
    }

    /// The texts around the column of one side, to read it with the code's type; `None` if it has it.
    #[must_use]
    pub fn reading(&self, side: Side) -> Option<&Around> {
        (side != self.typed).then_some(&self.reads_other)
    }

    /// The texts around a value of the code's type, to write it to the column of one side; `None` if that
    /// has the type.
    #[must_use]
    pub fn writing(&self, side: Side) -> Option<&Around> {
        (side != self.typed).then_some(&self.writes_other)
    }
}

impl Around {
    /// Around a column that is read. Elsewhere than on PostgreSQL, a result has no exact type.
    fn column(dialect: Dialect, template: &Template, own_type: &str) -> Self {
        let (before, behind) = match dialect {
            Dialect::Postgres => ("CAST((", format!(") AS {own_type})")),
            Dialect::Sqlite | Dialect::MariaDb => ("(", ")".to_owned()),
        };
        let mut texts: Vec<String> = template.parts().map(str::to_owned).collect();
        if let Some(first) = texts.first_mut() {
            first.insert_str(0, before);
        }
        if let Some(last) = texts.last_mut() {
            last.push_str(&behind);
        }
        Self { texts }
    }

    /// Around a value. On PostgreSQL it first gets the type of the code's column, as it would by being
    /// assigned to it: a literal has no type of its own. A limit of the type stays to the assignment,
    /// because a cast would cut a text that is too long.
    fn value(dialect: Dialect, template: &Template, own_type: &str) -> Self {
        let (open, close) = match dialect {
            Dialect::Postgres => ("CAST(", format!(" AS {})", bare_type(own_type))),
            Dialect::Sqlite | Dialect::MariaDb => ("(", ")".to_owned()),
        };
        let mut texts: Vec<String> = template.parts().map(str::to_owned).collect();
        let last = texts.len().saturating_sub(1);
        for (at, text) in texts.iter_mut().enumerate() {
            let before = if at == 0 { "(" } else { close.as_str() };
            let behind = if at == last { ")" } else { open };
            *text = format!("{before}{text}{behind}");
        }
        Self { texts }
    }

    /// The text with `value` in each place.
    #[must_use]
    pub fn fill(&self, value: &str) -> String {
        self.texts.join(value)
    }

    /// The texts before, between and behind the places.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }
}
