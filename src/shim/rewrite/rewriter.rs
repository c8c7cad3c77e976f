use std::borrow::Cow;
use std::ops::Range;

use sqlparser::ast::ArrayElemTypeDef as Elem;
use sqlparser::ast::{DataType, Ident, ObjectName, ObjectNamePart};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::conflict::Arbiters;
use super::edit::{Edits, Piece};
use super::error::RewriteError;
use super::names;
use super::text::Text;
use crate::Dialect;
use crate::model::Identifier;
use crate::shim::mapping::{MappedTable, Mapping};

pub(super) type Done<T = ()> = Result<T, RewriteError>;

/// Walks one text and collects its edits.
pub(super) struct Rewriter<'a> {
    pub(super) text: Text<'a>,
    pub(super) dialect: Dialect,
    pub(super) mapping: &'a Mapping,
    pub(super) edits: Edits,
    /// The conflict targets still to come.
    pub(super) arbiters: Arbiters,
    /// The tokens of the statement that is walked, of several in the text.
    pub(super) walked: Range<usize>,
    /// The tokens that end a `WITH` list.
    pub(super) ends_of_with: Vec<usize>,
    /// The mapped tables in whose place a subquery of the code's columns is to stand: where the
    /// name is by which their columns are qualified.
    pub(super) shown: Vec<usize>,
    /// Further ones, which the walk has found.
    pub(super) wanted: Vec<usize>,
    /// Tokens with a mapped name that the walk has understood. One that is left over at the end
    /// was missed, and the statement is refused.
    understood: Vec<bool>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(
        text: Text<'a>,
        mapping: &'a Mapping,
        arbiters: Arbiters,
        shown: Vec<usize>,
    ) -> Self {
        let understood = vec![false; text.tokens().len()];
        Self {
            dialect: text.dialect,
            text,
            mapping,
            edits: Edits::default(),
            arbiters,
            walked: 0..0,
            ends_of_with: Vec::new(),
            shown,
            wanted: Vec::new(),
            understood,
        }
    }

    pub(super) fn fold<'i>(&self, ident: &'i Ident) -> Cow<'i, str> {
        names::fold(self.dialect, ident)
    }

    pub(super) fn same_table(&self, a: &str, b: &str) -> bool {
        names::same_table(self.dialect, a, b)
    }

    /// Whether a name is one of any renamed column's.
    pub(super) fn is_mapped_column(&self, name: &str) -> bool {
        self.mapping.tables().iter().any(|table| table.column(self.dialect, name).is_some())
    }

    pub(super) fn is_mapped_table(&self, name: &str) -> bool {
        self.mapping
            .tables()
            .iter()
            .any(|table| names::same_table(self.dialect, table.table.name.as_str(), name))
    }

    fn is_watched(&self, name: &str) -> bool {
        self.is_mapped_column(name) || self.is_mapped_table(name)
    }

    /// The mapped table that a name in the text means, common table expressions aside.
    pub(super) fn mapped_table(&self, name: &ObjectName) -> Option<&'a MappedTable> {
        let idents: Vec<&Ident> = idents(name)?;
        let schema = idents.iter().rev().nth(1).map(|ident| self.fold(ident));
        self.mapping.table(self.dialect, schema.as_deref(), &self.fold(idents.last()?))
    }

    /// Notes that an identifier with a mapped name is understood, and stays as it is.
    pub(super) fn keep(&mut self, ident: &Ident) -> Done {
        if self.is_watched(&self.fold(ident)) {
            let at = self.text.ident(ident)?;
            self.understood[at] = true;
        }
        Ok(())
    }

    pub(super) fn keep_all<'i>(&mut self, idents: impl IntoIterator<Item = &'i Ident>) -> Done {
        idents.into_iter().try_for_each(|ident| self.keep(ident))
    }

    pub(super) fn keep_name(&mut self, name: &ObjectName) -> Done {
        for part in &name.0 {
            match part {
                ObjectNamePart::Identifier(ident) => self.keep(ident)?,
                ObjectNamePart::Function(_) => {
                    return Err(RewriteError::unsupported("a name computed by a function"));
                }
            }
        }
        Ok(())
    }

    /// A type's name may be one of a renamed column's, as enums often are.
    pub(super) fn keep_type(&mut self, data_type: &DataType) -> Done {
        match data_type {
            // A value of a table's row type has the physical columns.
            DataType::Custom(name, _) if self.mapped_table(name).is_some() => {
                Err(RewriteError::unsupported("the row type of the table"))
            }
            DataType::Custom(name, _) => self.keep_name(name),
            DataType::Array(
                Elem::AngleBracket(inner)
                | Elem::SquareBracket(inner, _)
                | Elem::Parenthesis(inner)
                | Elem::Qualified(inner, _),
            ) => self.keep_type(inner),
            // Any other type with a name in it is left over, and refused.
            _ => Ok(()),
        }
    }

    /// The bytes of an identifier, which is understood.
    pub(super) fn place(&mut self, ident: &Ident) -> Done<Range<usize>> {
        let at = self.text.ident(ident)?;
        self.understood[at] = true;
        Ok(self.text.place(at))
    }

    /// Makes an identifier name a physical column, possibly after a table's name. Bytes that do so
    /// already stay, but on SQLite: there a double-quoted column that does not exist is a string.
    pub(super) fn rename(
        &mut self,
        ident: &Ident,
        to: &Identifier,
        qualifier: Option<&str>,
    ) -> Done {
        let place = self.place(ident)?;
        let quoted = self.dialect.quote(to);
        let same = match self.dialect {
            Dialect::Sqlite => self.text.sql[place.clone()] == quoted,
            Dialect::Postgres | Dialect::Mysql => {
                self.dialect.same_column(&self.fold(ident), to.as_str())
            }
        };
        let new = match qualifier {
            Some(qualifier) => format!("{qualifier}.{quoted}"),
            None if same => return Ok(()),
            None => quoted,
        };
        self.edits.replace(place, vec![Piece::New(new)]);
        Ok(())
    }

    /// A name as an identifier that can be quoted. It may be the text of an expression, so no
    /// error repeats it.
    pub(super) fn identifier(name: &str) -> Done<Identifier> {
        Identifier::new(name).map_err(|_| RewriteError::unsupported("a name that cannot be quoted"))
    }

    /// Notes that every mapped name in these tokens is understood.
    pub(super) fn keep_tokens(&mut self, tokens: Range<usize>) {
        for understood in self.understood.get_mut(tokens).into_iter().flatten() {
            *understood = true;
        }
    }

    /// Whether a token is an identifier, rather than a keyword.
    pub(super) fn word(&self, at: usize) -> Option<Cow<'_, str>> {
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
            Token::DoubleQuotedString(text) if self.dialect == Dialect::Mysql => {
                Some(Cow::Borrowed(text.as_str()))
            }
            _ => None,
        }
    }

    /// Refuses the text where a mapped name is left that the walk has not come across.
    pub(super) fn check_nothing_missed(&self) -> Done {
        for (at, understood) in self.understood.iter().enumerate() {
            if !understood && self.word(at).is_some_and(|word| self.is_watched(&word)) {
                let raw = &self.text.sql[self.text.place(at)];
                return Err(RewriteError::unsupported(format!("`{raw}` at this place")));
            }
        }
        Ok(())
    }
}

/// The parts of a name, where all are plain identifiers.
pub(super) fn idents(name: &ObjectName) -> Option<Vec<&Ident>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}
