//! Folds identifiers as the database does, and compares them with the mapped names.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM USERS WHERE HANDLE = $1
//! -- becomes
//! SELECT id FROM USERS WHERE "username" = $1
//! ```

use std::borrow::Cow;

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    pub(crate) fn fold<'i>(&self, ident: &'i Ident) -> Cow<'i, str> {
        fold(self.dialect, ident)
    }

    pub(crate) fn same_table(&self, a: &str, b: &str) -> bool {
        same_table(self.dialect, a, b)
    }

    /// Returns true if a name is one of any renamed column's.
    pub(crate) fn is_mapped_column(&self, name: &str) -> bool {
        self.mapping.tables().iter().any(|table| table.column(self.dialect, name).is_some())
    }

    pub(crate) fn is_mapped_table(&self, name: &str) -> bool {
        self.mapping
            .tables()
            .iter()
            .any(|table| same_table(self.dialect, table.table.name.as_str(), name))
    }

    /// The mapped table that a name in the text means, common table expressions aside.
    pub(crate) fn mapped_table(&self, name: &ObjectName) -> Option<&'a MappedTable> {
        let idents: Vec<&Ident> = idents(name)?;
        let schema = idents.iter().rev().nth(1).map(|ident| self.fold(ident));
        self.mapping.table(self.dialect, schema.as_deref(), &self.fold(idents.last()?))
    }

    /// A name as an identifier that can be quoted. It may be the text of an expression, so no
    /// error repeats it.
    pub(crate) fn identifier(name: &str) -> Result<Identifier> {
        Identifier::new(name).map_err(|_| RewriteError::unsupported("a name that cannot be quoted"))
    }

    /// Returns true if a token is an identifier, rather than a keyword.
    pub(crate) fn word(&self, at: usize) -> Option<Cow<'_, str>> {
        match &self.text.tokens().get(at)?.token {
            Token::Word(word)
                if word.keyword == Keyword::NoKeyword || word.quote_style.is_some() =>
            {
                Some(match word.quote_style {
                    None if self.dialect == Dialect::Postgres => {
                        Cow::Owned(word.value.to_ascii_lowercase())
                    }
                    _ => Cow::Borrowed(word.value.as_str()),
                })
            }
            // A name behind AS, which is not told from a string by its token.
            Token::DoubleQuotedString(text) if self.dialect == Dialect::MariaDb => {
                Some(Cow::Borrowed(text.as_str()))
            }
            _ => None,
        }
    }

    /// Returns true if a name is the one that the code uses of a renamed column, in every table.
    pub(crate) fn is_code_name(&self, name: &str) -> bool {
        let same = |column: &str| self.dialect.same_column(column, name);
        self.mapping.tables().iter().flat_map(|table| &table.columns).all(|pair| {
            same(pair.side(pair.code).as_str())
                || !same(pair.from.as_str()) && !same(pair.to.as_str())
        })
    }
}

/// The name as the catalog would store it: PostgreSQL folds what is not in quotes to lower case
/// (ASCII only, as it does with UTF-8) and cuts names to 63 bytes.
fn fold(dialect: Dialect, ident: &Ident) -> Cow<'_, str> {
    let name = ident.value.as_str();
    if dialect != Dialect::Postgres {
        return Cow::Borrowed(name);
    }
    let kept = name.floor_char_boundary(name.len().min(63));
    if ident.quote_style.is_none() && name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name[..kept].to_ascii_lowercase())
    } else {
        Cow::Borrowed(&name[..kept])
    }
}

/// Returns true if two folded table names or aliases are the same. Where the database may or may not
/// ignore case (MySQL), it is ignored.
fn same_table(dialect: Dialect, a: &str, b: &str) -> bool {
    dialect.same_column(a, b)
}

/// The parts of a name, where all are plain identifiers.
pub(crate) fn idents(name: &ObjectName) -> Option<Vec<&Ident>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_folds_and_only_without_quotes() {
        let plain = Ident::new("UserÄ");
        let quoted = Ident::with_quote('"', "UserÄ");
        assert_eq!(fold(Dialect::Postgres, &plain), "userÄ");
        assert_eq!(fold(Dialect::Postgres, &quoted), "UserÄ");
        assert_eq!(fold(Dialect::Sqlite, &plain), "UserÄ");
        let long = Ident::new("x".repeat(62) + "é");
        assert_eq!(fold(Dialect::Postgres, &long), "x".repeat(62));
    }
}
