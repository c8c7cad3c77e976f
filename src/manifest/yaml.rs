//! Strict YAML, and the position of an error in it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_yaml::{DuplicateKeyPolicy, MergeKeyPolicy, MessageFormatter as _, UserMessageFormatter};

/// The position of an error in a file; shown as `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file's path, as it was given.
    pub file: PathBuf,
    /// Line and column, both from 1, if the parser knows them.
    pub position: Option<(u64, u64)>,
}

impl Location {
    /// The file as a whole.
    #[must_use]
    pub fn file(file: &Path) -> Self {
        Self { file: file.to_owned(), position: None }
    }

    /// A position in the file; the whole file if the parser lost track of it.
    pub(super) fn at(file: &Path, position: serde_yaml::Location) -> Self {
        let position = (position.line(), position.column());
        Self { file: file.to_owned(), position: (position.0 > 0).then_some(position) }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.position {
            Some((line, column)) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

/// The reason why a text is not the expected YAML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// The file is longer than such a file may be.
    #[error("{location}: the file has {bytes} bytes; at most {limit} are read")]
    TooLong {
        /// The file.
        location: Location,
        /// Its length.
        bytes: usize,
        /// The maximum length.
        limit: usize,
    },
    /// The YAML is malformed, or a key is unknown, missing, given twice or of the wrong type.
    #[error("{location}: {message}")]
    Malformed {
        /// The position in the file.
        location: Location,
        /// The parser's message, on one line.
        message: String,
    },
}

impl YamlError {
    /// The position in the file.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::TooLong { location, .. } | Self::Malformed { location, .. } => location,
        }
    }
}

/// The maximum length of a file, in bytes; generated files have about 300.
pub(super) const LIMIT: usize = 64 * 1024;

/// Reads one strict YAML document: no anchors, aliases, merge keys, tags or duplicate keys.
pub(super) fn read<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, YamlError> {
    if text.len() > LIMIT {
        let location = Location::file(file);
        return Err(YamlError::TooLong { location, bytes: text.len(), limit: LIMIT });
    }
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_depth: 8,
            flow_nesting_limit: 8,
            max_nodes: 256,
            max_events: 1024,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    serde_yaml::from_str_with_options(text, options).map_err(|error| YamlError::Malformed {
        location: match error.location() {
            Some(position) => Location::at(file, position),
            None => Location::file(file),
        },
        message: one_line(&message(&error)),
    })
}

fn message(error: &serde_yaml::Error) -> String {
    use serde_yaml::{Error, budget::BudgetBreach};
    match error {
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("key `{key}` is given twice"),
        Error::InvalidScalar { .. } => "this must be a whole number, not negative".to_owned(),
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. } => {
                "anchors and aliases are not allowed".to_owned()
            }
            BudgetBreach::Documents { .. } => "the file has more than one document".to_owned(),
            _ => "the file is larger or more deeply nested than it may be".to_owned(),
        },
        error => UserMessageFormatter.format_message(error).into_owned(),
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the text as a YAML scalar that reads back as exactly this string, anywhere in a
/// document.
#[must_use]
pub fn quote(text: &str) -> String {
    if is_bare(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{2028}' | '\u{2029}' | '\u{feff}' => quoted.push_str(&escape(c)),
            c if c.is_control() => quoted.push_str(&escape(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns true if every YAML parser reads the text without quotes as this string.
pub(super) fn is_bare(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn escape(c: char) -> String {
    format!("\\u{:04X}", u32::from(c))
}

/// Words that some YAML parser does not read as strings.
const RESERVED: [&str; 11] =
    ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_reads_back() {
        for text in [
            "users",
            "app.users",
            "1",
            "1e3",
            "yes",
            "NULL",
            "~",
            "",
            " a ",
            "a: b",
            "a #b",
            "{x}",
            "[x",
            "it's",
            "say \"x\"",
            "back\\slash",
            "tab\tnew\nline\r",
            "\u{1}\u{7f}\u{85}\u{2028}\u{feff}",
            "имя",
            "😀",
            "- x",
            "&a",
            "*a",
            "!x",
            "%x",
            "@x",
            "`x`",
            "<<",
            "---",
            "_x",
        ] {
            let document = format!("{{ a: {} }}", quote(text));
            let read: std::collections::HashMap<String, String> =
                read(Path::new("x.yml"), &document).unwrap();
            assert_eq!(read["a"], text, "{document}");
        }
    }
}
