//! Names with what they belong to, as they are typed: `users.username`, `app.users`, `"a.b".c`.

use std::fmt;
use std::str::FromStr;

use super::{Identifier, InvalidName};

/// A table, optionally with its schema (PostgreSQL) or database (MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// The schema, if one was given; otherwise the connection's default applies.
    pub schema: Option<Identifier>,
    /// The table.
    pub name: Identifier,
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", PathPart(schema))?;
        }
        write!(f, "{}", PathPart(&self.name))
    }
}

impl FromStr for TableName {
    type Err = InvalidName;
    /// Parses `table` or `schema.table`; a part that contains a dot goes in double quotes.
    fn from_str(path: &str) -> Result<Self, InvalidName> {
        let mut parts = named_parts(path)?.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, None) => Ok(Self { schema: None, name }),
            (Some(schema), Some(name), None) => Ok(Self { schema: Some(schema), name }),
            _ => Err(InvalidName::Parts { path: path.to_owned() }),
        }
    }
}

/// A column with its table, as typed on the command line: `users.username` or
/// `schema.table.column`. A part that contains a dot goes in double quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnPath {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: Identifier,
}

impl fmt::Display for ColumnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, PathPart(&self.column))
    }
}

impl FromStr for ColumnPath {
    type Err = InvalidName;
    fn from_str(path: &str) -> Result<Self, InvalidName> {
        let mut parts = named_parts(path)?.into_iter();
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(column), None, None) => {
                Ok(Self { table: TableName { schema: None, name }, column })
            }
            (Some(schema), Some(name), Some(column), None) => {
                Ok(Self { table: TableName { schema: Some(schema), name }, column })
            }
            _ => Err(InvalidName::Parts { path: path.to_owned() }),
        }
    }
}

/// One part of a path, quoted if it could not be read back otherwise.
struct PathPart<'a>(&'a Identifier);

impl fmt::Display for PathPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.as_str();
        if name.contains('.') || name.starts_with('"') {
            write!(f, "\"{}\"", name.replace('"', "\"\""))
        } else {
            f.write_str(name)
        }
    }
}

impl FromStr for Identifier {
    type Err = InvalidName;
    /// Parses one part of a path: bare, or in double quotes with `""` for a quote inside.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let mut parts = split_path(text)?;
        match (parts.pop(), parts.is_empty()) {
            (Some(name), true) => Self::new(name),
            _ => Self::new(text),
        }
    }
}

fn named_parts(path: &str) -> Result<Vec<Identifier>, InvalidName> {
    split_path(path)?
        .into_iter()
        .map(|part| match Identifier::new(part) {
            Err(InvalidName::Empty { .. }) => Err(InvalidName::Empty { path: path.to_owned() }),
            other => other,
        })
        .collect()
}

/// Splits at dots outside double quotes; a part is quoted only if it begins with a quote.
fn split_path(path: &str) -> Result<Vec<String>, InvalidName> {
    let quotes = || InvalidName::Quotes { path: path.to_owned() };
    let mut parts = Vec::new();
    let mut rest = path;
    loop {
        let (part, after) = if let Some(text) = rest.strip_prefix('"') {
            let (part, after) = quoted_part(text).ok_or_else(quotes)?;
            if !(after.is_empty() || after.starts_with('.')) {
                return Err(quotes());
            }
            (part, after)
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        };
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return Ok(parts),
        }
    }
}

/// Returns the text up to the closing quote, with `""` turned into `"`, and the text after that
/// quote.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            part.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == '"') {
            part.push('"');
            chars.next();
        } else {
            return Some((part, &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Result<Vec<String>, InvalidName> {
        text.parse::<ColumnPath>().map(|p| {
            p.table.schema.into_iter().chain([p.table.name, p.column]).map(String::from).collect()
        })
    }

    #[test]
    fn paths_split_at_dots_outside_quotes() {
        for (text, expect) in [
            ("users.username", vec!["users", "username"]),
            ("app.users.username", vec!["app", "users", "username"]),
            ("my users.user name", vec!["my users", "user name"]),
            (r#""a.b"."c""d""#, vec!["a.b", "c\"d"]),
            ("Users.order;--", vec!["Users", "order;--"]),
            ("us\"ers.x", vec!["us\"ers", "x"]),
            ("пользователи.имя", vec!["пользователи", "имя"]),
        ] {
            assert_eq!(path(text).unwrap(), expect, "{text}");
        }
    }

    #[test]
    fn bad_paths_are_refused() {
        for text in
            ["users", "", "users.", ".username", "a.b.c.d", "a..b", "\"a.b", "\"a\"x.b", "a\0.b"]
        {
            assert!(path(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn display_reads_back() {
        for text in ["users.username", r#""a.b"."c""d""#, r#"s."""x".y"#] {
            let first: ColumnPath = text.parse().unwrap();
            assert_eq!(first.to_string().parse::<ColumnPath>().unwrap(), first);
        }
    }
}
