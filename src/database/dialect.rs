//! The kinds of database, and how names and texts are written in the SQL of each.

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
    MariaDb,
}

impl Dialect {
    /// The dialect of a database URL, by its scheme.
    #[must_use]
    pub fn of_url(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::MariaDb),
            _ => None,
        }
    }

    /// Quotes a name, so that it is safe to put into SQL.
    ///
    /// On SQLite it uses backticks: a double-quoted name that does not exist would silently become
    /// a string there, which once hid a dropped column from a whole program.
    #[must_use]
    pub fn quote(self, name: &Identifier) -> String {
        let (mark, doubled) = match self {
            Self::Sqlite | Self::MariaDb => ('`', "``"),
            Self::Postgres => ('"', "\"\""),
        };
        format!("{mark}{}{mark}", name.as_str().replace(mark, doubled))
    }

    /// Quotes a table's name, with its schema if it has one.
    #[must_use]
    pub fn quote_table(self, table: &TableName) -> String {
        match &table.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&table.name)),
            None => self.quote(&table.name),
        }
    }

    /// Writes a text as an SQL string literal. Values are passed as parameters; this is for
    /// statements that take none, such as the body of a trigger.
    #[must_use]
    pub fn literal(self, text: &str) -> String {
        let text = match self {
            Self::MariaDb => text.replace('\\', "\\\\"),
            Self::Sqlite | Self::Postgres => text.to_owned(),
        };
        format!("'{}'", text.replace('\'', "''"))
    }

    /// The maximum length of a name, in the unit of [`Dialect::name_length`]; longer names are cut
    /// off silently (PostgreSQL) or refused (MariaDB).
    #[must_use]
    pub const fn max_name_length(self) -> Option<usize> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(63),
            Self::MariaDb => Some(64),
        }
    }

    /// A name's length as the database counts it: in bytes on PostgreSQL, in characters elsewhere.
    #[must_use]
    pub fn name_length(self, name: &str) -> usize {
        match self {
            Self::Postgres => name.len(),
            Self::Sqlite | Self::MariaDb => name.chars().count(),
        }
    }

    /// Returns true if two column names are the same to the database. Both are as the catalog
    /// stores them: PostgreSQL compares exactly, the others ignore case.
    #[must_use]
    pub fn same_column(self, a: &str, b: &str) -> bool {
        match self {
            Self::Postgres => a == b,
            Self::Sqlite => a.eq_ignore_ascii_case(b),
            Self::MariaDb => a.to_lowercase() == b.to_lowercase(),
        }
    }

    /// Returns true if NOT NULL and UNIQUE can be removed from a column in place.
    #[must_use]
    pub const fn relaxes(self) -> bool {
        !matches!(self, Self::Sqlite)
    }

    /// Returns true if a schema change is part of its transaction. On MariaDB each schema change
    /// commits itself, and everything that was open before it.
    #[must_use]
    pub const fn rolls_back_ddl(self) -> bool {
        !matches!(self, Self::MariaDb)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
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
