//! Finds texts that name no mapped table, without parsing them. Nearly every text ends here.
//!
//! Given in `dual_write` on PostgreSQL:
//!
//! ```sql
//! SELECT id FROM posts
//! -- becomes
//! SELECT id FROM posts
//! ```

use crate::shim::mapping::Mapping;

/// Returns true if the text may name a mapped table. Cheap: no parsing, no allocation.
///
/// `false` is certain, and the statement needs no rewriting; `true` may be a table's name in a
/// string or a comment. A view over a mapped table is not seen through.
#[must_use]
pub fn names_mapped_table(sql: &str, mapping: &Mapping) -> bool {
    !mapping.is_empty()
        && (mapping.tables().iter().any(|table| contains_name(sql, table.table.name.as_str()))
            || has_escaped_identifier(sql))
}

/// Returns true if `name` is in the text as a whole word, in any case.
pub(crate) fn contains_name(sql: &str, name: &str) -> bool {
    // In SQL text a quote inside of a quoted name is doubled, so such a name is looked for by its
    // longest part without quotes, wherever it begins.
    let quotes: &[char] = &['"', '`', ']', '[', '\''];
    if name.contains(quotes) {
        let part = name.split(quotes).max_by_key(|part| part.len()).unwrap_or_default();
        return part.is_empty() || find(sql, part, false);
    }
    // PostgreSQL cuts a name after 63 bytes, so a longer one in the text may mean this one.
    let whole = name.len() < 60;
    find(sql, name, whole)
}

fn find(sql: &str, name: &str, whole: bool) -> bool {
    let Some(first) = name.chars().next() else { return false };
    let lower = first.to_ascii_lowercase();
    let mut before = None;
    for (at, c) in sql.char_indices() {
        let starts = c.to_ascii_lowercase() == lower || !first.is_ascii() || !c.is_ascii();
        if starts
            && !(whole && before.is_some_and(is_name_char) && is_name_char(first))
            && let Some(rest) = strip_prefix(&sql[at..], name)
            && !(whole
                && rest.chars().next().is_some_and(is_name_char)
                && name.chars().next_back().is_some_and(is_name_char))
        {
            return true;
        }
        before = Some(c);
    }
    false
}

fn is_name_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The text after `name`, where it begins with it in any case.
fn strip_prefix<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for expected in name.chars() {
        let found = rest.next()?;
        if found != expected && !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Returns true if there is a `U&"\0075sers"`, PostgreSQL's way to write any name in escapes.
pub(crate) fn has_escaped_identifier(sql: &str) -> bool {
    let bytes = sql.as_bytes();
    bytes.windows(3).any(|three| matches!(three, [b'u' | b'U', b'&', b'"'])) && sql.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_whole_words_in_any_case() {
        for (sql, name, expect) in [
            ("SELECT * FROM users", "users", true),
            ("SELECT * FROM \"Users\"", "users", true),
            ("SELECT * FROM x.users,y", "users", true),
            ("SELECT users_id FROM superusers", "users", false),
            ("users", "users", true),
            ("SELECT * FROM пользователи", "пользователи", true),
            ("SELECT * FROM ПОЛЬЗОВАТЕЛИ;", "пользователи", true),
            ("SELECT * FROM пользователиx", "пользователи", false),
            ("SELECT * FROM \"my table\"", "my table", true),
            ("SELECT * FROM \"we\"\"ird\"", "we\"ird", true),
            ("SELECT '' FROM posts", "users", false),
            ("", "users", false),
        ] {
            assert_eq!(contains_name(sql, name), expect, "{sql}");
        }
    }

    #[test]
    fn escaped_identifiers_are_noticed() {
        assert!(has_escaped_identifier("SELECT * FROM U&\"\\0075sers\""));
        assert!(!has_escaped_identifier("SELECT a&b FROM users"));
    }
}
