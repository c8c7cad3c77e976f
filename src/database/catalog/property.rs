//! What a column has besides its type, default and NOT NULL: a comment, privileges, …

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::database::Dialect;
use crate::model::{Identifier, TableName};

/// A property of a column besides its type, default and NOT NULL, which its copy is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Property {
    /// Its comment (PostgreSQL; on MariaDB the comment belongs to the column's definition).
    Comment(String),
    /// The number of values that ANALYZE samples (PostgreSQL).
    Statistics(i32),
    /// The storage of long values: `PLAIN`, `EXTERNAL`, `EXTENDED`, `MAIN` (PostgreSQL).
    Storage(String),
    /// The compression method for long values (PostgreSQL).
    Compression(String),
    /// An option such as `n_distinct` (PostgreSQL).
    Option {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A privilege on this column alone.
    Privilege {
        /// The role or account as SQL, quoted if needed.
        grantee: String,
        /// The privilege, such as `SELECT`.
        privilege: String,
        /// True if the grantee may grant it to others.
        grantable: bool,
    },
}

impl Property {
    /// The statement that gives a column this property.
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

    /// The statement that removes this property from a column.
    #[must_use]
    pub fn take(&self, dialect: Dialect, table: &TableName, column: &Identifier) -> String {
        let (table, column) = (dialect.quote_table(table), dialect.quote(column));
        let alter = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
        match self {
            Self::Comment(_) => format!("COMMENT ON COLUMN {table}.{column} IS NULL"),
            Self::Statistics(_) => alter("SET STATISTICS -1"),
            // Types differ in their default storage; the storage that is given next overrides this
            // one.
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
