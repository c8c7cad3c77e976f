use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Identifier, TableName};

/// The stable id of a change, shared by its stage files: lower-case letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChangeName(String);

/// A text is not a valid change id: it is empty, too long, or has a character that file names or
/// SQL literals would need to quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid change id; use 1 to 120 lower-case letters, digits or `_`", text.escape_debug())]
pub struct InvalidChangeName {
    /// The text that was given.
    pub text: String,
}

impl ChangeName {
    /// The maximum length of an id, so that file names stay within what file systems accept.
    pub const MAX_LENGTH: usize = 120;

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChangeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for ChangeName {
    type Err = InvalidChangeName;
    fn from_str(text: &str) -> Result<Self, InvalidChangeName> {
        let fits = !text.is_empty()
            && text.len() <= Self::MAX_LENGTH
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidChangeName { text: text.to_owned() })
        }
    }
}

impl TryFrom<String> for ChangeName {
    type Error = InvalidChangeName;
    fn try_from(text: String) -> Result<Self, InvalidChangeName> {
        text.parse()
    }
}

impl From<ChangeName> for String {
    fn from(name: ChangeName) -> Self {
        name.0
    }
}

/// One intended schema change; its stages are spread over releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The stable id.
    pub name: ChangeName,
    /// The kind of change, with its tables and columns.
    pub kind: ChangeKind,
}

/// The kinds of change. A new kind is a variant here and a file of that name on each floor that
/// handles changes (see ARCHITECTURE.md, "Adding a kind of change").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// A column is renamed by copying it.
    Rename(Rename),
}

/// A rename of one column by copying it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rename {
    /// The table.
    pub table: TableName,
    /// The column's name before the rename.
    pub from: Identifier,
    /// The column's name after the rename.
    pub to: Identifier,
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} -> {}", self.table, self.from, self.to)
    }
}

impl Rename {
    /// Returns true if both renames use the same column of the same table. Where the files cannot
    /// tell (the names differ only in case, or only one of them names a schema), returns true.
    #[must_use]
    pub fn shares_column(&self, other: &Self) -> bool {
        let same =
            |a: &Identifier, b: &Identifier| a.as_str().to_lowercase() == b.as_str().to_lowercase();
        let schema = match (&self.table.schema, &other.table.schema) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
        schema
            && same(&self.table.name, &other.table.name)
            && [&self.from, &self.to]
                .iter()
                .any(|column| same(column, &other.from) || same(column, &other.to))
    }
}

impl Change {
    /// Returns the rename of this change.
    #[must_use]
    pub const fn rename(&self) -> &Rename {
        match &self.kind {
            ChangeKind::Rename(rename) => rename,
        }
    }
}
