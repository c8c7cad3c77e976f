use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Identifier, TableName};

/// The stable id of a change, shared by its stage files: lower-case letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChangeName(String);

/// A change's id has a character that file names and SQL literals should not need to quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no change id; use 1 to 120 of lower-case letters, digits and `_`", text.escape_debug())]
pub struct InvalidChangeName {
    /// What was given.
    pub text: String,
}

impl ChangeName {
    /// The id's length at most, so that file names stay within what file systems take.
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
    /// Its stable id.
    pub name: ChangeName,
    /// What it does.
    pub kind: ChangeKind,
}

/// The kinds of change. A new kind is a variant here and a file of its name on each floor that
/// works on changes (see ARCHITECTURE.md, "Adding a kind of change").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// A column is renamed by way of a copy.
    Rename(Rename),
}

/// A rename of one column by way of a copied column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rename {
    /// The table.
    pub table: TableName,
    /// The name that the column has before.
    pub from: Identifier,
    /// The name that it has afterwards.
    pub to: Identifier,
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} -> {}", self.table, self.from, self.to)
    }
}

impl Rename {
    /// Whether both renames use some column of one table. Where the files cannot tell (upper and
    /// lower case, a schema that only one of them names) the answer is yes.
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
    /// The rename that this change is.
    #[must_use]
    pub const fn rename(&self) -> &Rename {
        match &self.kind {
            ChangeKind::Rename(rename) => rename,
        }
    }
}
