use std::fmt;

use serde::{Deserialize, Serialize};

use crate::database::Dialect;
use crate::model::{Identifier, TableName};

/// Something that a column has beside its type, default and NOT NULL, and that its copy is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Property {
    /// Its comment (PostgreSQL; MariaDB's belongs to the column's definition).
    Comment(String),
    /// How many values ANALYZE looks at (PostgreSQL).
    Statistics(i32),
    /// Where long values are kept: `PLAIN`, `EXTERNAL`, `EXTENDED`, `MAIN` (PostgreSQL).
    Storage(String),
    /// By which method long values are compressed (PostgreSQL).
    Compression(String),
    /// An option such as `n_distinct` (PostgreSQL).
    Option {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The right to use this column alone.
    Privilege {
        /// The role or account as SQL, quoted where it has to be.
        grantee: String,
        /// The right, such as `SELECT`.
        privilege: String,
        /// The grantee may pass it on.
        grantable: bool,
    },
}

impl Property {
    /// The statement that gives it to a column.
    #[must_use]
    pub fn give(&self, dialect: Dialect, table: &TableName, column: &Identifier) -> String {
        let (table, column) = (dialect.quote_table(table), dialect.quote(column));
        let alter = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
        match self {
            Self::Comment(text) => {
                format!("COMMENT ON COLUMN {table}.{column} IS {}", dialect.literal(text))
            }
            Self::Statistics(target) => alter(&format!("SET STATISTICS {target}")),
            Self::Storage(storage) => alter(&format!("SET STORAGE {storage}")),
            Self::Compression(method) => alter(&format!("SET COMPRESSION {method}")),
            Self::Option { name, value } => {
                alter(&format!("SET ({} = {})", quoted(name), dialect.literal(value)))
            }
            Self::Privilege { grantee, privilege, grantable } => {
                let option = if *grantable { " WITH GRANT OPTION" } else { "" };
                format!("GRANT {privilege} ({column}) ON {table} TO {grantee}{option}")
            }
        }
    }

    /// The statement that takes it away from a column.
    #[must_use]
    pub fn take(&self, dialect: Dialect, table: &TableName, column: &Identifier) -> String {
        let (table, column) = (dialect.quote_table(table), dialect.quote(column));
        let alter = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
        match self {
            Self::Comment(_) => format!("COMMENT ON COLUMN {table}.{column} IS NULL"),
            Self::Statistics(_) => alter("SET STATISTICS -1"),
            // The storage that a type begins with is not the same for each; the one that is given
            // next says what it is.
            Self::Storage(_) => alter("SET STORAGE EXTENDED"),
            Self::Compression(_) => alter("SET COMPRESSION DEFAULT"),
            Self::Option { name, .. } => alter(&format!("RESET ({})", quoted(name))),
            Self::Privilege { grantee, privilege, .. } => {
                format!("REVOKE {privilege} ({column}) ON {table} FROM {grantee}")
            }
        }
    }
}

fn quoted(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::Postgres.quote(&name)).unwrap_or_default()
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(text) => write!(f, "the comment `{text}`"),
            Self::Statistics(target) => write!(f, "the statistics target {target}"),
            Self::Storage(storage) => write!(f, "the storage {storage}"),
            Self::Compression(method) => write!(f, "the compression {method}"),
            Self::Option { name, value } => write!(f, "the option {name} = {value}"),
            Self::Privilege { grantee, privilege, grantable } => {
                write!(f, "the privilege {privilege} of {grantee}")?;
                if *grantable { f.write_str(" with grant option") } else { Ok(()) }
            }
        }
    }
}
