//! The column whose uses are looked for, with its table.

use super::stored_code::{Name, Reading};
use crate::database::Dialect;

/// The column whose uses are looked for.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) dialect: Dialect,
    /// The schema that the table is in.
    pub(super) schema: String,
    /// The table.
    pub(super) table: String,
    /// The column's name before the rename.
    pub(super) from: String,
    /// The column's name after the rename.
    pub(super) to: String,
    /// True if the table's name without a schema may mean another table.
    pub(super) has_namesakes: bool,
    /// The other tables and views that have a column of either name.
    pub(super) sharers: Vec<String>,
}

/// The answer to the question if a name means the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    No,
    /// It does, unless the name means the table of another schema.
    Perhaps,
    Yes,
}

impl Subject {
    pub(super) const fn reading(&self) -> Reading {
        Reading::of(self.dialect)
    }

    /// Tells if a name of one or two parts means the table, in a body that belongs to the database
    /// `home`.
    pub(super) fn is_table(&self, parts: &[String], home: Option<&str>) -> Named {
        match parts {
            [name] if self.same_table(name, &self.table) => match home {
                // On MariaDB a name without a database means the database that the routine is in.
                Some(home) if self.dialect == Dialect::MariaDb => {
                    if self.same_table(home, &self.schema) { Named::Yes } else { Named::No }
                }
                _ if self.has_namesakes => Named::Perhaps,
                _ => Named::Yes,
            },
            [schema, name]
                if self.same_table(schema, &self.schema) && self.same_table(name, &self.table) =>
            {
                Named::Yes
            }
            _ => Named::No,
        }
    }

    /// Returns true if a name's last part is the column's name.
    pub(super) fn is_column(&self, name: &Name) -> bool {
        self.same_column(name.last())
    }

    pub(super) fn same_column(&self, name: &str) -> bool {
        self.dialect.same_column(name, &self.from)
    }

    /// Returns true if two table names or aliases are the same. On MariaDB the server decides if
    /// case matters: names that differ only in case count as the same, so that no use is missed.
    pub(super) fn same_table(&self, a: &str, b: &str) -> bool {
        self.dialect.same_column(a, b)
    }

    /// The column with its table, for messages.
    pub(super) fn column(&self) -> String {
        format!("{}.{}", self.table, self.from)
    }
}

#[cfg(test)]
impl Subject {
    /// `users.username`, about to be `handle`.
    pub(super) fn sample(dialect: Dialect) -> Self {
        Self {
            dialect,
            schema: if dialect == Dialect::Sqlite { "main" } else { "public" }.into(),
            table: "users".into(),
            from: "username".into(),
            to: "handle".into(),
            has_namesakes: false,
            sharers: vec!["posts".into()],
        }
    }
}
