//! A name of a table, a column or a schema.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A table, column or schema name exactly as the database's catalog stores it, without quotes.
///
/// Any character but NUL is allowed, so names with spaces, quotes, reserved words or upper case
/// work. Code that puts one into SQL quotes it with [`Dialect::quote`](crate::Dialect::quote).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Identifier(String);

/// The reason why a text is not a valid table or column name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// A name, or one part of a dotted path, is empty.
    #[error("a name is empty in `{path}`")]
    Empty {
        /// The text that was given.
        path: String,
    },
    /// A name holds a NUL, which no database stores.
    #[error("`{}` contains a NUL character", path.escape_default())]
    Nul {
        /// The text that was given.
        path: String,
    },
    /// A quoted part of a path is not closed, or text follows its closing quote.
    #[error("the quotes in `{path}` do not pair up")]
    Quotes {
        /// The text that was given.
        path: String,
    },
    /// A path has too few or too many parts.
    #[error("`{path}` is not of the form `table.column` or `schema.table.column`")]
    Parts {
        /// The text that was given.
        path: String,
    },
}

impl Identifier {
    /// Checks and wraps a bare name; dots and quotes in it are part of the name.
    ///
    /// # Errors
    /// The name is empty or contains NUL.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidName> {
        let name = name.into();
        if name.is_empty() {
            return Err(InvalidName::Empty { path: name });
        }
        if name.contains('\0') {
            return Err(InvalidName::Nul { path: name });
        }
        Ok(Self(name))
    }

    /// The name as the catalog stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Identifier {
    type Error = InvalidName;
    fn try_from(name: String) -> Result<Self, InvalidName> {
        Self::new(name)
    }
}

impl From<Identifier> for String {
    fn from(name: Identifier) -> Self {
        name.0
    }
}
