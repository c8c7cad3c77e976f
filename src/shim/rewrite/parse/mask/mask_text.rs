//! Hides words from the parser that it does not know and that name nothing, or gives it others that
//! it does.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT handle FROM ONLY users FOR NO KEY UPDATE
//! -- becomes
//! SELECT "username" AS "handle" FROM ONLY users FOR NO KEY UPDATE
//! ```

use std::borrow::Cow;

use sqlparser::tokenizer::{Token, Whitespace};

use super::subscripts::{mask_subscripts_in_insert, mask_subscripts_in_set};
use super::table_list::{
    join_parenthesized_tables, join_update_tables, mask_delete_stars, mask_using_alias,
};
use super::unknown_words::{UNITS_OF_TWO_PARTS, unknown_words};
use crate::Dialect;
use crate::shim::rewrite::parse::word::{is_name, word};
use crate::shim::rewrite::source::Text;

/// The tokens for the parser: with spacing where the database knows a word that it does not. The
/// text keeps the words, and the other tokens keep their spans.
pub(crate) fn mask(mut text: Text<'_>) -> Text<'_> {
    let dialect = text.dialect;
    let mut masked = std::mem::take(&mut text.masked);
    let tokens = text.tokens();
    let significant: Vec<usize> =
        (0..tokens.len()).filter(|at| !matches!(tokens[*at].token, Token::Whitespace(_))).collect();
    let words: Vec<Cow<'_, str>> = significant.iter().map(|at| word(&tokens[*at].token)).collect();
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    for number in 0..significant.len() {
        let before = number.checked_sub(1).map(|at| words[at]);
        let named = number.checked_sub(1).is_some_and(|at| is_name(&tokens[significant[at]].token));
        let words = words.get(number..number + 5).unwrap_or(&words[number..]);
        let behind = &significant[number + 1..];
        match (dialect, words[0]) {
            (Dialect::Postgres, "USING") => mask_using_alias(behind, &mut masked),
            (Dialect::Postgres, "SET") => mask_subscripts_in_set(behind, &mut masked),
            (Dialect::Postgres, "INSERT" | "INTO") => {
                mask_subscripts_in_insert(behind, &mut masked);
            }
            (Dialect::MariaDb, "UPDATE") if begins(before) => {
                join_update_tables(behind, &mut masked);
            }
            (Dialect::MariaDb, "DELETE") if begins(before) => {
                mask_delete_stars(behind, &mut masked);
            }
            (Dialect::MariaDb, "(") if matches!(before, Some("FROM" | "JOIN")) => {
                join_parenthesized_tables(behind, &mut masked);
            }
            (Dialect::MariaDb, unit)
                if before != Some(".") && UNITS_OF_TWO_PARTS.contains(&unit) =>
            {
                masked[significant[number]].token = Token::make_keyword("SECOND");
            }
            (Dialect::Postgres | Dialect::Sqlite, "ISNULL") if is_null(before, words) => {
                masked[significant[number]].token = Token::make_keyword("NOTNULL");
            }
            _ => {}
        }
        for away in unknown_words(dialect, named, words) {
            if let Some(at) = significant.get(number + away) {
                masked[*at].token = Token::Whitespace(Whitespace::Space);
            }
        }
    }
    text.masked = masked;
    text
}

/// Returns true if a statement begins behind a word.
fn begins(before: Option<&str>) -> bool {
    matches!(before, None | Some(";" | ")"))
}

/// Returns true if `ISNULL` is behind an expression, where the parser knows the contrary only.
fn is_null(before: Option<&str>, words: &[&str]) -> bool {
    !matches!(words.get(1), Some(&"(" | &"."))
        && !matches!(before, None | Some("." | "AS" | "," | "(" | "SELECT"))
}
