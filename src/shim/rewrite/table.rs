//! `TABLE users`, which is short for `SELECT * FROM users`.

use sqlparser::tokenizer::Token;

use super::text::Text;
use crate::Dialect;

/// The text with each such command written out, where there is one: the parser reads it wrongly.
pub(super) fn spelled_out(text: &Text<'_>) -> Option<String> {
    if text.dialect == Dialect::Sqlite {
        return None;
    }
    let mut longer = String::new();
    let mut copied = 0;
    let mut before: Option<&Token> = None;
    for (at, token) in text.tokens().iter().enumerate() {
        if matches!(token.token, Token::Whitespace(_)) {
            continue;
        }
        let named = text.tokens().get(text.next(at + 1)).map(|token| &token.token);
        if is_word(&token.token, &["TABLE"])
            && begins_query(before)
            && matches!(named, Some(Token::Word(_)))
        {
            let place = text.place(at);
            longer.push_str(&text.sql[copied..place.start]);
            longer.push_str("SELECT * FROM");
            copied = place.end;
        }
        before = Some(&token.token);
    }
    (copied > 0).then(|| longer + &text.sql[copied..])
}

/// Whether a query can begin behind this token.
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
