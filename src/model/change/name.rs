//! The id of a change.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
