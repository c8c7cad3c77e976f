use super::pieces::{Name, Reading};
use crate::database::Dialect;

/// The column that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) dialect: Dialect,
    /// The schema that the table is in.
    pub(super) schema: String,
    /// The table.
    pub(super) table: String,
    /// The column as it is called now.
    pub(super) from: String,
    /// As it will be called.
    pub(super) to: String,
    /// Whether the table's name without a schema may mean another table.
    pub(super) has_namesakes: bool,
}

/// Whether a name is that of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    No,
    /// It is, unless the name means the table of another schema.
    Perhaps,
    Yes,
}

impl Subject {
    pub(super) const fn reading(&self) -> Reading {
        Reading::of(self.dialect)
    }

    /// Whether a name of one or two parts is the table's, in a body that belongs to a schema.
    pub(super) fn is_table(&self, parts: &[String], home: Option<&str>) -> Named {
        match parts {
            [name] if self.same_table(name, &self.table) => match home {
                // There a name without a database means the one that the routine is in.
                Some(home) if self.dialect == Dialect::Mysql => {
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

    /// Whether a name's last part is the column's.
    pub(super) fn is_column(&self, name: &Name) -> bool {
        self.same_column(name.last())
    }

    pub(super) fn same_column(&self, name: &str) -> bool {
        self.dialect.same_column(name, &self.from)
    }

    /// Whether two names of tables or aliases are one. Those of MariaDB depend on the server: two
    /// that differ in case alone are taken for one, so that nothing is missed.
    pub(super) fn same_table(&self, a: &str, b: &str) -> bool {
        self.dialect.same_column(a, b)
    }

    /// The column with its table, for words.
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
        }
    }
}
