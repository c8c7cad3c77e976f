//! Hides subscripts in lists of columns, as PostgreSQL has them, from the parser.
//!
//! Given in `write_to` on PostgreSQL:
//!
//! ```sql
//! UPDATE users SET username[1] = $1
//! -- becomes
//! UPDATE users SET "handle"[1] = $1
//! ```

use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::shim::rewrite::parse::word::word;

/// Takes the subscripts out of a `SET` list, of which the tokens behind `SET` are given.
pub(super) fn mask_subscripts_in_set(significant: &[usize], masked: &mut [TokenWithSpan]) {
    let (mut depth, mut target, mut at) = (0_usize, true, 0);
    while let Some(here) = significant.get(at) {
        at += 1;
        match &*word(&masked[*here].token) {
            ";" | "WHERE" | "RETURNING" | "FROM" if depth == 0 => return,
            "(" => (depth, target) = (depth + 1, depth == 0 && target),
            ")" if depth > 0 => depth -= 1,
            ")" => return,
            "," => target = depth == 0 || depth == 1 && target,
            "." => {}
            _ if target && is_word(&masked[*here].token) => {
                at += mask_subscripts(&significant[at..], masked);
            }
            _ => target = false,
        }
    }
}

/// Takes the subscripts out of the list of an `INSERT`, of which the tokens behind `INSERT` or
/// `INTO` are given. What else may be in parentheses there, as the source of a `MERGE`, is no list of
/// names.
pub(super) fn mask_subscripts_in_insert(significant: &[usize], masked: &mut [TokenWithSpan]) {
    let is_before = |at: &&usize| {
        let token = &masked[**at].token;
        let word = word(token);
        word == "." || is_word(token) && !ENDS.contains(&&*word)
    };
    let mut at = significant.iter().take_while(is_before).count();
    if significant.get(at).is_none_or(|open| masked[*open].token != Token::LParen) {
        return;
    }
    let mut found = Vec::new();
    let mut named = false;
    loop {
        at += 1;
        let Some(here) = significant.get(at) else { return };
        match masked[*here].token {
            Token::Word(_) if !named => {
                named = true;
                let taken = subscripts(&significant[at + 1..], masked);
                found.push(at + 1..at + 1 + taken);
                at += taken;
            }
            Token::Comma | Token::Period if named => named = false,
            Token::RParen if named => break,
            _ => return,
        }
    }
    for at in found.into_iter().flatten() {
        masked[significant[at]].token = Token::Whitespace(Whitespace::Space);
    }
}

/// Words that end the name of what is inserted into.
const ENDS: [&str; 8] = ["DEFAULT", "FROM", "SELECT", "TABLE", "USING", "VALUE", "VALUES", "WITH"];

fn is_word(token: &Token) -> bool {
    matches!(token, Token::Word(_))
}

/// Takes away the subscripts that come next; how many tokens they are.
fn mask_subscripts(significant: &[usize], masked: &mut [TokenWithSpan]) -> usize {
    let found = subscripts(significant, masked);
    for at in &significant[..found] {
        masked[*at].token = Token::Whitespace(Whitespace::Space);
    }
    found
}

/// How many tokens `[1]`, `['a'][$1][2:3]` are. Within subscripts that have anything but literals and
/// parameters there may be columns, so these stay, for the parser to refuse.
pub(super) fn subscripts(significant: &[usize], masked: &[TokenWithSpan]) -> usize {
    let mut end = 0;
    let mut open = false;
    for (at, here) in significant.iter().enumerate() {
        match &masked[*here].token {
            Token::LBracket if !open => open = true,
            Token::RBracket if open => (open, end) = (false, at + 1),
            Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::Placeholder(_)
            | Token::Colon
            | Token::Minus
                if open => {}
            _ => break,
        }
    }
    end
}
