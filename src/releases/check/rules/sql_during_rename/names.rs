//! The names in a statement, and which of them mean the columns of a rename.

use sqlparser::ast::{Ident, ObjectName};
use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use crate::model::{ColumnPair, Identifier};

/// The columns of a rename that something is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) from: bool,
    pub(super) to: bool,
}

impl Columns {
    pub(super) const BOTH: Self = Self { from: true, to: true };

    pub(super) const fn any(self) -> bool {
        self.from || self.to
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self { from: self.from || other.from, to: self.to || other.to }
    }
}

/// Returns true if a name in SQL means this identifier. A name in double quotes is compared exactly;
/// without quotes, or in quotes that only MariaDB and SQLite know, case does not count.
fn is(value: &str, quote: Option<char>, name: &Identifier) -> bool {
    match quote {
        Some('"') => value == name.as_str(),
        _ => value.to_lowercase() == name.as_str().to_lowercase(),
    }
}

/// The column that a name means.
pub(super) fn column(name: &Ident, rename: &ColumnPair) -> Columns {
    let is = |of| is(&name.value, name.quote_style, of);
    Columns { from: is(&rename.from), to: is(&rename.to) }
}

/// The columns that several names mean.
pub(super) fn columns<'a>(
    names: impl IntoIterator<Item = &'a Ident>,
    rename: &ColumnPair,
) -> Columns {
    names.into_iter().map(|name| column(name, rename)).fold(Columns::default(), Columns::and)
}

/// Returns true if a name is the table's. If only one of the two has a schema, the files cannot tell,
/// and the answer is yes.
pub(super) fn is_table(name: &ObjectName, rename: &ColumnPair) -> bool {
    let mut parts = name.0.iter().rev().map(|part| part.as_ident());
    let Some(Some(table)) = parts.next() else { return false };
    let schema = match (parts.next().flatten(), &rename.table.schema) {
        (Some(said), Some(schema)) => is(&said.value, said.quote_style, schema),
        _ => true,
    };
    schema && is(&table.value, table.quote_style, &rename.table.name)
}

/// The names in the text of a statement, or of a part of one.
pub(super) struct Names {
    /// The tables' and columns' names that were found, with the query that they are in.
    found: Vec<(usize, Found)>,
    /// For each query, the one that contains it.
    parents: Vec<Option<usize>>,
    /// The names that the table has in the statement, in lower case.
    aliases: Vec<String>,
}

enum Found {
    Table,
    /// A column, with its qualifier: the name before the dot.
    Column(Columns, Option<String>),
    /// All columns (`*`), with the qualifier.
    All(Option<String>),
}

impl Names {
    /// Looks through tokens, which have no white space between them.
    pub(super) fn of(tokens: &[Token], rename: &ColumnPair) -> Self {
        let mut names = Self { found: Vec::new(), parents: vec![None], aliases: Vec::new() };
        names.aliases.push(rename.table.name.as_str().to_lowercase());
        let mut open = vec![0];
        for (at, token) in tokens.iter().enumerate() {
            let query = open.last().copied().unwrap_or_default();
            match token {
                Token::LParen if tokens.get(at + 1).is_some_and(begins_query) => {
                    names.parents.push(Some(query));
                    open.push(names.parents.len() - 1);
                }
                Token::LParen => open.push(query),
                Token::RParen if open.len() > 1 => {
                    open.pop();
                }
                Token::Mul => names.found.extend(all(tokens, at).map(|all| (query, all))),
                Token::Word(word) => names.word(tokens, at, word, query, rename),
                _ => {}
            }
        }
        names
    }

    fn word(
        &mut self,
        tokens: &[Token],
        at: usize,
        word: &Word,
        query: usize,
        rename: &ColumnPair,
    ) {
        let of = qualifier(tokens, at);
        let is = |name| is(&word.value, word.quote_style, name);
        let is_qualifier = matches!(tokens.get(at + 1), Some(Token::Period));
        let columns = Columns { from: is(&rename.from), to: is(&rename.to) };
        let is_alias = of.is_none() && keyword(tokens, at.wrapping_sub(1)) == Some(Keyword::AS);
        if columns.any() && !is_qualifier && !is_alias {
            self.found.push((query, Found::Column(columns, of.map(|of| of.value.to_lowercase()))));
        }
        let schema = match (of, &rename.table.schema) {
            (Some(said), Some(schema)) => self::is(&said.value, said.quote_style, schema),
            _ => true,
        };
        // As a qualifier, the table only counts if the column is one of the rename.
        let is_meant = !is_qualifier || of_column(tokens, at, rename);
        if is(&rename.table.name) && schema && !is_alias && is_meant {
            self.found.push((query, Found::Table));
            self.aliases.extend(alias(tokens, at));
        }
    }

    /// Returns true if the table is named.
    pub(super) fn table(&self) -> bool {
        self.found.iter().any(|(_, found)| matches!(found, Found::Table))
    }

    /// The columns that are the table's, as far as the statement shows it: a column without a
    /// qualifier belongs to a table of its query or of one around it.
    pub(super) fn columns(&self) -> Columns {
        let mut columns = Columns::default();
        for (query, found) in &self.found {
            if let Found::Column(these, of) = found
                && self.is_ours(*query, of.as_deref(), true)
            {
                columns = columns.and(*these);
            }
        }
        columns
    }

    /// Returns true if a query takes all columns of the table.
    pub(super) fn all(&self) -> bool {
        self.found.iter().any(|(query, found)| match found {
            Found::All(of) => self.is_ours(*query, of.as_deref(), false),
            _ => false,
        })
    }

    /// The columns that are named anywhere, with any qualifier.
    pub(super) fn anywhere(&self) -> Columns {
        let columns = self.found.iter().filter_map(|(_, found)| match found {
            Found::Column(columns, _) => Some(*columns),
            _ => None,
        });
        columns.fold(Columns::default(), Columns::and)
    }

    /// Returns true if a qualifier means the table.
    pub(super) fn is_alias(&self, of: &str) -> bool {
        self.aliases.contains(&of.to_lowercase())
    }

    fn is_ours(&self, query: usize, of: Option<&str>, or_around: bool) -> bool {
        match of {
            Some(of) => self.is_alias(of),
            None => std::iter::successors(Some(query), |at| self.parents.get(*at).copied()?)
                .take(if or_around { usize::MAX } else { 1 })
                .any(|at| {
                    let mut found = self.found.iter();
                    found.any(|(there, found)| *there == at && matches!(found, Found::Table))
                }),
        }
    }
}

/// The tokens of SQL without white space and comments.
pub(super) fn tokens(sql: &str, dialect: &dyn Dialect) -> Vec<Token> {
    let all = Tokenizer::new(dialect, sql).tokenize().unwrap_or_default();
    all.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect()
}

/// The tokens, with the tokens inside each string after it: a string may be a program.
pub(super) fn with_strings(tokens: &[Token], dialect: &dyn Dialect) -> Vec<Token> {
    let mut found = Vec::new();
    for token in tokens {
        found.push(token.clone());
        let text = match token {
            Token::DollarQuotedString(string) => &string.value,
            Token::SingleQuotedString(text) | Token::EscapedStringLiteral(text) => text,
            _ => continue,
        };
        // A string is longer than its content, so this comes to an end.
        found.extend(with_strings(&self::tokens(text, dialect), dialect));
        // A token after a string does not follow the last one inside the string.
        found.push(Token::SemiColon);
    }
    found
}

fn begins_query(token: &Token) -> bool {
    matches!(token, Token::Word(word) if matches!(word.keyword, Keyword::SELECT | Keyword::WITH))
}

fn word(tokens: &[Token], at: usize) -> Option<&Word> {
    match tokens.get(at)? {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

fn keyword(tokens: &[Token], at: usize) -> Option<Keyword> {
    word(tokens, at).map(|word| word.keyword)
}

/// The qualifier of a token: the name before its dot.
fn qualifier(tokens: &[Token], at: usize) -> Option<&Word> {
    match tokens.get(at.checked_sub(1)?)? {
        Token::Period => word(tokens, at.checked_sub(2)?),
        _ => None,
    }
}

/// The columns that a `*` means, unless it multiplies or counts.
fn all(tokens: &[Token], at: usize) -> Option<Found> {
    match tokens.get(at.checked_sub(1)?)? {
        Token::Period => Some(Found::All(qualifier(tokens, at).map(|of| of.value.to_lowercase()))),
        Token::Comma => Some(Found::All(None)),
        Token::Word(word) => {
            let before = [Keyword::SELECT, Keyword::DISTINCT, Keyword::ALL, Keyword::RETURNING];
            let is_list = word.quote_style.is_none() && before.contains(&word.keyword);
            is_list.then_some(Found::All(None))
        }
        _ => None,
    }
}

/// Returns true if the token is followed by a dot and a column of the rename.
fn of_column(tokens: &[Token], at: usize, rename: &ColumnPair) -> bool {
    word(tokens, at + 2).is_some_and(|word| {
        [&rename.from, &rename.to].iter().any(|name| is(&word.value, word.quote_style, name))
    })
}

/// The alias of the table at a token.
fn alias(tokens: &[Token], at: usize) -> Option<String> {
    let next = word(tokens, at + 1)?;
    let name = if next.keyword == Keyword::AS { word(tokens, at + 2)? } else { next };
    Some(name.value.to_lowercase())
}
