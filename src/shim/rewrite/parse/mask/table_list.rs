//! Lists of tables that the parser does not know, as in MariaDB's `UPDATE a, b SET`: it gets a join
//! instead.
//!
//! Given in `dual_write` on MariaDB:
//!
//! ```sql
//! UPDATE users, posts SET email = title WHERE author = handle
//! -- becomes
//! UPDATE users, posts SET email = title WHERE author = users.`username`
//! ```

use std::borrow::Cow;

use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::shim::rewrite::parse::word::{is_name, word};

/// `UPDATE a, b SET` is `UPDATE a JOIN b SET`, which the parser knows.
pub(super) fn join_update_tables(significant: &[usize], masked: &mut [TokenWithSpan]) {
    let mut depth = 0_usize;
    let mut commas = Vec::new();
    for at in significant {
        match &*word(&masked[*at].token) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => commas.push(*at),
            "SET" if depth == 0 => {
                for at in commas {
                    masked[at].token = Token::make_keyword("JOIN");
                }
                return;
            }
            ";" => return,
            _ => {}
        }
    }
}

/// `(a, b AS c)` as a table is `(a JOIN b AS c)`. Where there is more than names, `ON`
/// would see the tables before the comma too.
pub(super) fn join_parenthesized_tables(significant: &[usize], masked: &mut [TokenWithSpan]) {
    let end = significant.iter().position(|at| {
        let token = &masked[*at].token;
        !is_name(token) && !matches!(&*word(token), "." | "," | "AS")
    });
    let Some(end) = end.filter(|end| word(&masked[significant[*end]].token) == ")") else { return };
    for at in &significant[..end] {
        if masked[*at].token == Token::Comma {
            masked[*at].token = Token::make_keyword("JOIN");
        }
    }
}

/// `USING (a, b) AS x`, on PostgreSQL.
pub(super) fn mask_using_alias(significant: &[usize], masked: &mut [TokenWithSpan]) {
    let listed = |at: &usize| matches!(masked[*at].token, Token::Word(_) | Token::Comma);
    let word =
        |at: usize| significant.get(at).map(|at| word(&masked[*at].token)).unwrap_or_default();
    let close = 1 + significant.iter().skip(1).take_while(|at| listed(at)).count();
    if word(0) == "(" && word(close) == ")" && word(close + 1) == "AS" {
        for at in significant.iter().skip(close + 1).take(2) {
            masked[*at].token = Token::Whitespace(Whitespace::Space);
        }
    }
}

/// `DELETE a.*, b.* FROM` and `DELETE FROM a.*, b.* USING` mean the tables `a, b`.
pub(super) fn mask_delete_stars(significant: &[usize], masked: &mut [TokenWithSpan]) {
    for at in 0..significant.len() {
        let here = significant.iter().skip(at).take(3);
        let words: Vec<Cow<'_, str>> = here.map(|at| word(&masked[*at].token)).collect();
        match words.iter().map(|word| &**word).collect::<Vec<_>>().as_slice() {
            ["(" | ")" | ";" | "WHERE" | "ON" | "JOIN", ..] => return,
            [".", "*", "," | "FROM" | "USING"] => {
                for at in &significant[at..at + 2] {
                    masked[*at].token = Token::Whitespace(Whitespace::Space);
                }
            }
            _ => {}
        }
    }
}
