//! Writes `TABLE users` out: it is short for `SELECT * FROM users`, and the parser reads it
//! wrongly.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! TABLE users
//! -- becomes
//! SELECT "id", "username" AS "handle", "email" FROM users
//! ```

use sqlparser::tokenizer::Token;

use crate::Dialect;
use crate::shim::rewrite::source::Text;

/// The text with each such command written out, where there is one: the parser reads it wrongly.
pub(crate) fn expand_table_command(text: &Text<'_>) -> Option<String> {
    if text.dialect == Dialect::Sqlite {
        return None;
    }
    let mut longer = String::new();
    let mut copied = 0;
    let mut before: Option<&Token> = None;
    let mut into = InsertTarget::No;
    for (at, token) in text.tokens().iter().enumerate() {
        if matches!(token.token, Token::Whitespace(_)) {
            continue;
        }
        let named = text.tokens().get(text.next(at + 1)).map(|token| &token.token);
        if is_word(&token.token, &["TABLE"])
            && (begins_query(before)
                || into == InsertTarget::Name && text.dialect == Dialect::Postgres)
            && matches!(named, Some(Token::Word(_)))
        {
            let range = text.range(at);
            longer.push_str(&text.sql[copied..range.start]);
            longer.push_str("SELECT * FROM");
            copied = range.end;
        }
        into = into.then(before, &token.token);
        before = Some(&token.token);
    }
    (copied > 0).then(|| longer + &text.sql[copied..])
}

/// How much of the target of an insert has been read: its query begins behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InsertTarget {
    No,
    /// `INSERT INTO`, or that with `schema.`.
    Begun,
    /// With the name.
    Name,
}

impl InsertTarget {
    pub(crate) fn then(self, before: Option<&Token>, token: &Token) -> Self {
        let inserts = before.is_some_and(|before| is_word(before, &["INSERT"]));
        match (self, token) {
            (_, token) if inserts && is_word(token, &["INTO"]) => Self::Begun,
            (Self::Begun, Token::Word(_)) => Self::Name,
            (Self::Name, Token::Period) => Self::Begun,
            _ => Self::No,
        }
    }
}

/// Returns true if a query can begin behind this token.
fn begins_query(before: Option<&Token>) -> bool {
    // Not ANALYZE: MariaDB's ANALYZE TABLE is another statement.
    let words = ["UNION", "INTERSECT", "EXCEPT", "ALL", "DISTINCT", "EXPLAIN"];
    match before {
        None | Some(Token::SemiColon | Token::LParen | Token::RParen) => true,
        Some(word) => is_word(word, &words),
    }
}

fn is_word(token: &Token, words: &[&str]) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none()
        && words.iter().any(|own| word.value.eq_ignore_ascii_case(own)))
}
