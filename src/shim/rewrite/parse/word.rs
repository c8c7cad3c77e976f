//! A token as the masking of words compares it: `select` → `SELECT`, `"select"` → `"`, `(` → `(`.

use std::borrow::Cow;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

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
pub(super) fn is_name(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.keyword == Keyword::NoKeyword || word.quote_style.is_some())
}
