//! The definition of a column in the text by which SQLite knows its table.

use std::ops::Range;

use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::Dialect;
use crate::model::Identifier;

/// The checks in a column's definition: the name of each, if it has one, and its expression as SQL.
/// `None` if the definition cannot be read.
#[must_use]
pub fn checks_of_column(
    create_table: &str,
    column: &Identifier,
) -> Option<Vec<(Option<String>, String)>> {
    let words = words_of_column(create_table, column)?;
    let is = |at: usize, word: &str| words.get(at).is_some_and(|(_, token)| is_word(token, word));
    let mut found = Vec::new();
    for at in (1..words.len()).filter(|at| is(*at, "CHECK")) {
        let (range, _) = words.get(at + 1)?;
        let expression = create_table.get(range.start + 1..range.end.checked_sub(1)?)?;
        let named = at > 2 && is(at - 2, "CONSTRAINT");
        let name = named.then(|| words.get(at - 1).and_then(|(_, token)| name(token))).flatten();
        found.push((name, expression.to_owned()));
    }
    Some(found)
}

/// The words of a column's definition, each with its bytes; those in parentheses count as one.
pub(super) fn words_of_column(
    sql: &str,
    column: &Identifier,
) -> Option<Vec<(Range<usize>, Token)>> {
    let tokens = Tokenizer::new(&SQLiteDialect {}, sql).tokenize_with_location().ok()?;
    let lines: Vec<usize> =
        std::iter::once(0).chain(sql.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let byte = |line: u64, column: u64| {
        let line = *lines.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let rest = sql.get(line..)?;
        let skipped = usize::try_from(column).ok()?.checked_sub(1)?;
        let within = rest.char_indices().nth(skipped).map_or(rest.len(), |(at, _)| at);
        Some(line + within)
    };
    let (mut depth, mut part, mut found) = (0_usize, Vec::<(Range<usize>, Token)>::new(), None);
    for TokenWithSpan { token, span } in tokens {
        let range =
            byte(span.start.line, span.start.column)?..byte(span.end.line, span.end.column)?;
        match token {
            Token::Whitespace(_) => continue,
            Token::LParen => {
                depth += 1;
                if depth > 1 && depth == 2 {
                    part.push((range, Token::LParen));
                }
                continue;
            }
            Token::RParen => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    // The parentheses and what is in them are one word.
                    part.last_mut()?.0.end = range.end;
                }
                if depth > 0 {
                    continue;
                }
            }
            Token::Comma if depth == 1 => {}
            token => {
                if depth == 1 {
                    part.push((range, token));
                }
                continue;
            }
        }
        // A definition has ended.
        if part.first().is_some_and(|(_, first)| is_name(first, column)) {
            found = Some(part);
            break;
        }
        part = Vec::new();
    }
    found
}

pub(super) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(own)
        if own.quote_style.is_none() && own.value.eq_ignore_ascii_case(word))
}

fn is_name(token: &Token, column: &Identifier) -> bool {
    name(token).is_some_and(|name| Dialect::Sqlite.same_column(&name, column.as_str()))
}

fn name(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) => Some(word.value.clone()),
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checks_of_a_column_are_read_from_its_definition() {
        let sql = "CREATE TABLE t (id INTEGER CHECK (id > 0), \"a b\" TEXT CHECK (\"a b\" <> ')') \
                   NOT NULL CONSTRAINT [x y] check ((length(\"a b\") > 1)), c TEXT DEFAULT 'CHECK (1)', \
                   CHECK (c <> ''))";
        let checks = |column: &str| checks_of_column(sql, &Identifier::new(column).unwrap());
        let own = |name: Option<&str>, text: &str| (name.map(str::to_owned), text.to_owned());
        let found = [own(None, "\"a b\" <> ')'"), own(Some("x y"), "(length(\"a b\") > 1)")];
        assert_eq!(checks("A b").unwrap(), found);
        assert_eq!(checks("c").unwrap(), []);
        assert_eq!(checks("d"), None);
    }
}
