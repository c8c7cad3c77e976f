//! Splits a body of SQL, or of a procedural language, into the pieces that matter here: names,
//! texts, brackets.

use sqlparser::dialect::{MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::database::Dialect;

/// A piece of a body. Comments and white space are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::database::catalog::uses) enum Piece {
    /// A name with its qualifiers, or a keyword.
    Name(Name),
    /// A string literal.
    Text(String),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
    /// `;`.
    End,
    /// `*`, which may be a multiplication.
    Star,
    /// `=` or `:=`.
    Equals,
    /// Anything else.
    Other,
}

/// A name: words separated by dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::database::catalog::uses) struct Name {
    /// The words as the database reads them: without quotes, and in lower case if the database
    /// folds them.
    pub parts: Vec<String>,
    /// True if the last word is quoted, and so cannot be a keyword.
    pub quoted: bool,
    /// True if a dot stands before it: then it is a field of something that is not a name.
    pub is_field: bool,
    /// True if `.*` follows.
    pub all: bool,
}

impl Name {
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// The word before the last.
    pub fn qualifier(&self) -> Option<&str> {
        self.parts.len().checked_sub(2).and_then(|at| self.parts.get(at)).map(String::as_str)
    }
}

impl Piece {
    pub fn name(&self) -> Option<&Name> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// Returns true if it is this keyword.
    pub fn is(&self, word: &str) -> bool {
        self.name().is_some_and(|name| {
            let bare = name.parts.len() == 1 && !name.quoted && !name.all && !name.is_field;
            bare && name.last().eq_ignore_ascii_case(word)
        })
    }

    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }
}

/// The rules for splitting a body.
#[derive(Debug, Clone, Copy)]
pub(in crate::database::catalog::uses) struct Reading {
    pub dialect: Dialect,
    /// True if double quotes enclose a name; on MariaDB that depends on the routine's SQL mode.
    pub ansi_quotes: bool,
}

impl Reading {
    pub const fn of(dialect: Dialect) -> Self {
        Self { dialect, ansi_quotes: !matches!(dialect, Dialect::MariaDb) }
    }

    /// Splits a text into pieces; returns `None` if it is not SQL.
    pub fn pieces(self, text: &str) -> Option<Vec<Piece>> {
        let tokens = match self.dialect {
            Dialect::Sqlite => Tokenizer::new(&SQLiteDialect {}, text).tokenize(),
            Dialect::Postgres => Tokenizer::new(&PostgreSqlDialect {}, text).tokenize(),
            Dialect::MariaDb => Tokenizer::new(&MySqlDialect {}, text).tokenize(),
        };
        let mut tokens = tokens.ok()?;
        tokens.retain(|token| !matches!(token, Token::Whitespace(_)));
        let mut pieces = Vec::with_capacity(tokens.len());
        let mut rest = tokens.into_iter().peekable();
        let mut is_field = false;
        while let Some(token) = rest.next() {
            let Some((word, quoted)) = self.word(&token) else {
                is_field = token == Token::Period;
                pieces.extend(piece(token));
                continue;
            };
            let mut name = Name { parts: vec![word], quoted, is_field, all: false };
            while rest.next_if_eq(&Token::Period).is_some() {
                match rest.next() {
                    Some(Token::Mul) => {
                        name.all = true;
                        break;
                    }
                    Some(token) => {
                        let Some((word, quoted)) = self.word(&token) else { break };
                        name.parts.push(word);
                        name.quoted = quoted;
                    }
                    None => break,
                }
            }
            is_field = false;
            pieces.push(Piece::Name(name));
        }
        Some(pieces)
    }

    /// Splits a text that is not SQL, or not only SQL, into its words, each as a name.
    pub fn words(self, text: &str) -> Vec<Piece> {
        let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let words = text.split(|c| !in_word(c)).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let parts = vec![self.folded(word)];
                Piece::Name(Name { parts, quoted: false, is_field: false, all: false })
            })
            .collect()
    }

    /// Folds an unquoted name as the database does.
    pub fn folded(self, word: &str) -> String {
        match self.dialect {
            Dialect::Postgres => word.to_lowercase(),
            Dialect::Sqlite | Dialect::MariaDb => word.to_owned(),
        }
    }

    /// Returns the token's name, and true if it is quoted; `None` if the token is not a name.
    fn word(self, token: &Token) -> Option<(String, bool)> {
        match token {
            Token::Word(word) => match word.quote_style {
                Some(_) => Some((word.value.clone(), true)),
                None => Some((self.folded(&word.value), false)),
            },
            Token::DoubleQuotedString(name) if self.ansi_quotes => Some((name.clone(), true)),
            _ => None,
        }
    }
}

fn piece(token: Token) -> Option<Piece> {
    Some(match token {
        Token::LParen => Piece::Open,
        Token::RParen => Piece::Close,
        Token::Comma => Piece::Comma,
        Token::SemiColon => Piece::End,
        Token::Mul => Piece::Star,
        Token::Eq | Token::Assignment => Piece::Equals,
        Token::SingleQuotedString(text)
        | Token::DoubleQuotedString(text)
        | Token::EscapedStringLiteral(text)
        | Token::UnicodeStringLiteral(text)
        | Token::NationalStringLiteral(text) => Piece::Text(text),
        Token::DollarQuotedString(text) => Piece::Text(text.value),
        Token::Period | Token::EOF => return None,
        _ => Piece::Other,
    })
}

/// Splits a body at its semicolons.
pub(in crate::database::catalog::uses) fn statements(
    pieces: &[Piece],
) -> impl Iterator<Item = &[Piece]> {
    pieces.split(|piece| *piece == Piece::End).filter(|statement| !statement.is_empty())
}

/// The position at which the bracket that opens at `at` closes, or the end.
pub(in crate::database::catalog::uses) fn closing(pieces: &[Piece], at: usize) -> usize {
    let mut depth = 0_usize;
    for (position, piece) in pieces.iter().enumerate().skip(at) {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return position;
        }
    }
    pieces.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(dialect: Dialect, text: &str) -> String {
        let pieces = Reading::of(dialect).pieces(text).unwrap();
        let shown = |piece: &Piece| match piece {
            Piece::Name(name) => {
                let mut parts = name.parts.join(".");
                if name.is_field {
                    parts.insert(0, '.');
                }
                if name.all { parts + ".*" } else { parts }
            }
            Piece::Text(text) => format!("<{text}>"),
            other => format!("{other:?}"),
        };
        pieces.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_read_as_the_database_reads_them() {
        for (dialect, text, want) in [
            (
                Dialect::Postgres,
                "NEW.UserName := lower(\"New\".\"User Name\"); -- users\n v Users.username%TYPE",
                "new.username Equals lower Open New.User Name Close End v users.username Other type",
            ),
            (
                Dialect::Postgres,
                "a . b . *, (r).x, $1.y",
                "a.b.* Comma Open r Close .x Comma Other .y",
            ),
            (Dialect::Postgres, "E'it''s' || $q$SELECT 1$q$", "<it's> Other <SELECT 1>"),
            (Dialect::MariaDb, "`a``b`.c = \"text\" /* x */", "a`b.c Equals <text>"),
            (Dialect::Sqlite, "[a b].`c`.\"d\" * 'e'", "a b.c.d Star <e>"),
        ] {
            assert_eq!(shown(dialect, text), want, "{text}");
        }
    }

    #[test]
    fn double_quotes_are_names_where_the_mode_says_so() {
        let reading = Reading { ansi_quotes: true, ..Reading::of(Dialect::MariaDb) };
        let pieces = reading.pieces("\"t\".\"c\"").unwrap();
        assert!(matches!(pieces.as_slice(), [Piece::Name(name)] if name.parts == ["t", "c"]));
    }

    #[test]
    fn what_is_not_sql_has_words() {
        let words = Reading::of(Dialect::Postgres).words("plpy.execute('UPDATE Users SET x=1')");
        assert!(words.iter().any(|piece| piece.is("users")));
    }
}
