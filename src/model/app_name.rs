//! The name of an app, for a database that several apps migrate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of an app: `app` in `handover.yml`. A database that only one app migrates needs none.
///
/// 1 to 40 letters, digits, `-`, `_` and `.` of ASCII, the first one a letter or a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AppName(String);

/// A text is not a valid name of an app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a valid name of an app: it needs 1 to {MAX} letters, digits, `-`, `_` or `.`, the first \
     one a letter or a digit"
)]
pub struct InvalidAppName {
    /// The text that was given.
    pub text: String,
}

/// The maximum length: the id of a process, which contains the name, is part of a key of 255 characters.
const MAX: usize = 40;

impl AppName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of an app as part of a sentence: `` app `reports` ``, or `the app without a name`.
#[must_use]
pub fn app_in_words(app: Option<&AppName>) -> String {
    app.map_or_else(|| "the app without a name".to_owned(), |name| format!("app `{name}`"))
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AppName {
    type Err = InvalidAppName;
    fn from_str(text: &str) -> Result<Self, InvalidAppName> {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let begins = text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        if begins && text.len() <= MAX && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAppName { text: text.to_owned() })
        }
    }
}

impl TryFrom<String> for AppName {
    type Error = InvalidAppName;
    fn try_from(text: String) -> Result<Self, InvalidAppName> {
        text.parse()
    }
}

impl From<AppName> for String {
    fn from(name: AppName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_plain_word() {
        for text in ["shop", "web-2", "Reports_v1.2", "7", &"a".repeat(MAX)] {
            assert_eq!(text.parse::<AppName>().unwrap().as_str(), text);
        }
        let long = "a".repeat(MAX + 1);
        for text in ["", "-shop", ".", "a b", "a/b", "a'b", "caf\u{e9}", "a\0", &long] {
            assert_eq!(text.parse::<AppName>(), Err(InvalidAppName { text: text.to_owned() }));
        }
    }
}
