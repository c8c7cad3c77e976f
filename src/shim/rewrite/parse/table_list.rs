use std::borrow::Cow;

use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use super::mask::{is_name, word};

/// `UPDATE a, b SET` is `UPDATE a JOIN b SET`, which the parser knows.
pub(super) fn join(solid: &[usize], known: &mut [TokenWithSpan]) {
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
pub(super) fn join_inside(solid: &[usize], known: &mut [TokenWithSpan]) {
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
pub(super) fn name_of_join(solid: &[usize], known: &mut [TokenWithSpan]) {
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
pub(super) fn stars(solid: &[usize], known: &mut [TokenWithSpan]) {
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
