use std::fmt;

use crate::model::{Identifier, TableName};

/// The SQL dialect of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.35 or later (`DROP COLUMN`, `RETURNING`).
    Sqlite,
    /// PostgreSQL 13 or later.
    Postgres,
    /// MariaDB 10.6 or later.
    Mysql,
}

impl Dialect {
    /// The dialect of a database URL, by its scheme.
    #[must_use]
    pub fn of_url(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::Mysql),
            _ => None,
        }
    }

    /// The name in quotes, safe to put into SQL.
    ///
    /// SQLite gets backticks: there a double-quoted name that does not exist silently becomes a
    /// string, which once hid a dropped column from a whole program.
    #[must_use]
    pub fn quote(self, name: &Identifier) -> String {
        let (mark, doubled) = match self {
            Self::Sqlite | Self::Mysql => ('`', "``"),
            Self::Postgres => ('"', "\"\""),
        };
        format!("{mark}{}{mark}", name.as_str().replace(mark, doubled))
    }

    /// The table in quotes, with its schema where it has one.
    #[must_use]
    pub fn quote_table(self, table: &TableName) -> String {
        match &table.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&table.name)),
            None => self.quote(&table.name),
        }
    }

    /// A text as an SQL string literal. Values go in as parameters; this is for statements that take
    /// none, such as the body of a trigger.
    #[must_use]
    pub fn literal(self, text: &str) -> String {
        let text = match self {
            Self::Mysql => text.replace('\\', "\\\\"),
            Self::Sqlite | Self::Postgres => text.to_owned(),
        };
        format!("'{}'", text.replace('\'', "''"))
    }

    /// The longest name that is kept whole, in the unit of [`Dialect::name_length`]; longer ones
    /// are cut off silently (PostgreSQL) or refused (MariaDB).
    #[must_use]
    pub const fn max_name_length(self) -> Option<usize> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(63),
            Self::Mysql => Some(64),
        }
    }

    /// A name's length as the database counts it: bytes in PostgreSQL, characters elsewhere.
    #[must_use]
    pub fn name_length(self, name: &str) -> usize {
        match self {
            Self::Postgres => name.len(),
            Self::Sqlite | Self::Mysql => name.chars().count(),
        }
    }

    /// Whether two column names are one and the same to the database. Both are as the catalog
    /// stores them: PostgreSQL compares exactly, the others ignore case.
    #[must_use]
    pub fn same_column(self, a: &str, b: &str) -> bool {
        match self {
            Self::Postgres => a == b,
            Self::Sqlite => a.eq_ignore_ascii_case(b),
            Self::Mysql => a.to_lowercase() == b.to_lowercase(),
        }
    }

    /// Whether NOT NULL and UNIQUE can be taken off a column in place.
    #[must_use]
    pub const fn relaxes(self) -> bool {
        !matches!(self, Self::Sqlite)
    }

    /// Whether a schema change belongs to the transaction that it is made in. On MariaDB each
    /// commits by itself, and whatever was open before it.
    #[must_use]
    pub const fn rolls_back_ddl(self) -> bool {
        !matches!(self, Self::Mysql)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MariaDB",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_doubles_the_quote() {
        let name = Identifier::new("a\"b`c").unwrap();
        assert_eq!(Dialect::Postgres.quote(&name), "\"a\"\"b`c\"");
        assert_eq!(Dialect::Sqlite.quote(&name), "`a\"b``c`");
        assert_eq!(Dialect::Postgres.literal("it's"), "'it''s'");
    }
}
