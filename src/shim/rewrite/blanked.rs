//! Words that the parser does not know, and that name nothing.

use std::borrow::Cow;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use super::element::{without_subscripts_in_insert, without_subscripts_in_set};
use crate::Dialect;

/// Units of time that have two parts, as in `INTERVAL '1:30' MINUTE_SECOND`. All are reserved words
/// of MariaDB.
const UNITS: [&str; 11] = [
    "DAY_HOUR",
    "DAY_MICROSECOND",
    "DAY_MINUTE",
    "DAY_SECOND",
    "HOUR_MICROSECOND",
    "HOUR_MINUTE",
    "HOUR_SECOND",
    "MINUTE_MICROSECOND",
    "MINUTE_SECOND",
    "SECOND_MICROSECOND",
    "YEAR_MONTH",
];

/// The tokens for the parser: with spacing where the database knows a word that it does not. The
/// text keeps the words, and so do the other tokens their places.
pub(super) fn blanked(dialect: Dialect, tokens: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let mut known = tokens.to_vec();
    let solid: Vec<usize> =
        (0..tokens.len()).filter(|at| !matches!(tokens[*at].token, Token::Whitespace(_))).collect();
    let words: Vec<Cow<'_, str>> = solid.iter().map(|at| word(&tokens[*at].token)).collect();
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    for number in 0..solid.len() {
        let before = number.checked_sub(1).map(|at| words[at]);
        let named = number.checked_sub(1).is_some_and(|at| is_name(&tokens[solid[at]].token));
        let words = words.get(number..number + 5).unwrap_or(&words[number..]);
        let behind = &solid[number + 1..];
        match (dialect, words[0]) {
            (Dialect::Postgres, "USING") => name_of_join(behind, &mut known),
            (Dialect::Postgres, "SET") => without_subscripts_in_set(behind, &mut known),
            (Dialect::Postgres, "INSERT" | "INTO") => {
                without_subscripts_in_insert(behind, &mut known);
            }
            (Dialect::Mysql, "UPDATE") if begins(before) => join(behind, &mut known),
            (Dialect::Mysql, "DELETE") if begins(before) => stars(behind, &mut known),
            (Dialect::Mysql, "(") if matches!(before, Some("FROM" | "JOIN")) => {
                join_inside(behind, &mut known);
            }
            (Dialect::Mysql, unit) if before != Some(".") && UNITS.contains(&unit) => {
                known[solid[number]].token = Token::make_keyword("SECOND");
            }
            (Dialect::Postgres | Dialect::Sqlite, "ISNULL") if is_null(before, words) => {
                known[solid[number]].token = Token::make_keyword("NOTNULL");
            }
            _ => {}
        }
        for away in unknown(dialect, named, words) {
            if let Some(at) = solid.get(number + away) {
                known[*at].token = Token::Whitespace(Whitespace::Space);
            }
        }
    }
    known
}

/// Whether a statement begins behind a word.
fn begins(before: Option<&str>) -> bool {
    matches!(before, None | Some(";" | ")"))
}

/// A word without quotes in upper case, or a sign.
pub(super) fn word(token: &Token) -> Cow<'_, str> {
    Cow::Borrowed(match token {
        Token::Word(word) if word.quote_style.is_some() => "\"",
        Token::Word(word) if word.value.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            return Cow::Owned(word.value.to_ascii_uppercase());
        }
        Token::Word(word) => &word.value,
        Token::Comma => ",",
        Token::LParen => "(",
        Token::RParen => ")",
        Token::SemiColon => ";",
        Token::Period => ".",
        Token::DoubleColon => "::",
        Token::Mul => "*",
        _ => "",
    })
}

/// A name that is no keyword.
fn is_name(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.keyword == Keyword::NoKeyword || word.quote_style.is_some())
}

/// Whether `ISNULL` is behind an expression, where the parser knows the contrary only.
fn is_null(before: Option<&str>, words: &[&str]) -> bool {
    !matches!(words.get(1), Some(&"(" | &"."))
        && !matches!(before, None | Some("." | "AS" | "," | "(" | "SELECT"))
}

/// `UPDATE a, b SET` is `UPDATE a JOIN b SET`, which the parser knows.
fn join(solid: &[usize], known: &mut [TokenWithSpan]) {
    let mut depth = 0_usize;
    let mut commas = Vec::new();
    for at in solid {
        match &*word(&known[*at].token) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => commas.push(*at),
            "SET" if depth == 0 => {
                for at in commas {
                    known[at].token = Token::make_keyword("JOIN");
                }
                return;
            }
            ";" => return,
            _ => {}
        }
    }
}

/// `(a, b AS c)` in the place of a table is `(a JOIN b AS c)`. Where there is more than names, `ON`
/// would see the tables before the comma too.
fn join_inside(solid: &[usize], known: &mut [TokenWithSpan]) {
    let end = solid.iter().position(|at| {
        let token = &known[*at].token;
        !is_name(token) && !matches!(&*word(token), "." | "," | "AS")
    });
    let Some(end) = end.filter(|end| word(&known[solid[*end]].token) == ")") else { return };
    for at in &solid[..end] {
        if known[*at].token == Token::Comma {
            known[*at].token = Token::make_keyword("JOIN");
        }
    }
}

/// `USING (a, b) AS x`, on PostgreSQL.
fn name_of_join(solid: &[usize], known: &mut [TokenWithSpan]) {
    let listed = |at: &usize| matches!(known[*at].token, Token::Word(_) | Token::Comma);
    let word = |at: usize| solid.get(at).map(|at| word(&known[*at].token)).unwrap_or_default();
    let close = 1 + solid.iter().skip(1).take_while(|at| listed(at)).count();
    if word(0) == "(" && word(close) == ")" && word(close + 1) == "AS" {
        for at in solid.iter().skip(close + 1).take(2) {
            known[*at].token = Token::Whitespace(Whitespace::Space);
        }
    }
}

/// `DELETE a.*, b.* FROM` and `DELETE FROM a.*, b.* USING` mean the tables `a, b`.
fn stars(solid: &[usize], known: &mut [TokenWithSpan]) {
    for at in 0..solid.len() {
        let here = solid.iter().skip(at).take(3);
        let words: Vec<Cow<'_, str>> = here.map(|at| word(&known[*at].token)).collect();
        match words.iter().map(|word| &**word).collect::<Vec<_>>().as_slice() {
            ["(" | ")" | ";" | "WHERE" | "ON" | "JOIN", ..] => return,
            [".", "*", "," | "FROM" | "USING"] => {
                for at in &solid[at..at + 2] {
                    known[*at].token = Token::Whitespace(Whitespace::Space);
                }
            }
            _ => {}
        }
    }
}

/// Which of these words, the next ones in the text, the parser must not see; whether they are
/// behind a name.
#[expect(clippy::match_same_arms, reason = "a line a form")]
fn unknown(dialect: Dialect, named: bool, words: &[&str]) -> std::ops::Range<usize> {
    match (dialect, words) {
        (Dialect::Postgres, ["FOR", "NO", "KEY", "UPDATE", ..]) => 1..3,
        (Dialect::Postgres, ["FOR", "KEY", "SHARE", ..]) => 1..2,
        (Dialect::Postgres, ["OVERRIDING", "SYSTEM" | "USER", "VALUE", ..]) => 0..3,
        (Dialect::Postgres, ["FROM" | "JOIN" | "UPDATE" | "USING" | ",", "ONLY", name, ..])
            if !matches!(*name, "" | "," | "(" | "." | "*" | "::") =>
        {
            1..2
        }
        (Dialect::Postgres, ["MERGE", "INTO", "ONLY", name, ..])
            if !matches!(*name, "" | "." | "*") =>
        {
            2..3
        }
        // A bound of a window's frame: `'1 day'::interval PRECEDING`.
        (Dialect::Postgres, ["", "::", "INTERVAL", "PRECEDING" | "FOLLOWING", ..]) => 1..3,
        (
            Dialect::Postgres | Dialect::Sqlite,
            ["ROW" | "PRECEDING" | "FOLLOWING", "EXCLUDE", ..],
        ) => match words[2..] {
            ["NO", "OTHERS", ")", ..] | ["CURRENT", "ROW", ")", ..] => 1..4,
            ["GROUP" | "TIES", ")", ..] => 1..3,
            _ => 0..0,
        },
        (
            Dialect::Postgres | Dialect::Mysql,
            ["TRIM", "(", "BOTH" | "LEADING" | "TRAILING", "FROM", ..],
        ) => 2..4,
        (Dialect::Postgres, ["TRIM", "(", "FROM", ..]) => 2..3,
        (Dialect::Postgres, ["BETWEEN", "SYMMETRIC", ..]) => 1..2,
        (Dialect::Mysql, ["FOR", "UPDATE" | "SHARE", "WAIT", ..]) => 2..4,
        (Dialect::Mysql, ["LOCK", "IN", "SHARE", "MODE", ..]) => 0..4,
        (Dialect::Mysql, ["UPDATE", "LOW_PRIORITY", "IGNORE", ..]) => 1..3,
        (Dialect::Mysql, ["UPDATE" | "DELETE", "LOW_PRIORITY" | "IGNORE" | "QUICK", ..]) => 1..2,
        (Dialect::Sqlite, ["NOT", "INDEXED", ..]) if named => 0..2,
        (Dialect::Sqlite, ["AS", "MATERIALIZED", "(", ..]) => 1..2,
        (Dialect::Sqlite, ["AS", "NOT", "MATERIALIZED", "(", ..]) => 1..3,
        _ => 0..0,
    }
}
