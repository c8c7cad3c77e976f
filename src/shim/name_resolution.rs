//! Texts after which a name may mean another table. Pure.

/// Words that are in such a text, wherever they are.
const ANYWHERE: [&str; 9] = [
    "ALTER",
    "ATTACH",
    "CREATE",
    "DETACH",
    "DISCARD",
    "DROP",
    "SEARCH_PATH",
    "SET_CONFIG",
    "TEMPORARY",
];

/// Words with which such a statement begins.
const FIRST: [&str; 7] = ["CALL", "DO", "RENAME", "RESET", "ROLLBACK", "SET", "USE"];

/// Returns true if a name may mean another table after this text, or another table's columns: it changes
/// the schema, or where names are looked for. A text that is taken for one costs a lookup.
pub(super) fn may_change_names(sql: &str) -> bool {
    let is_among =
        |word: &str, list: &[&str]| list.iter().any(|own| word.eq_ignore_ascii_case(own));
    sql.split(';').any(|statement| {
        let mut words = statement
            .split(|c: char| c != '_' && !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .peekable();
        words.peek().is_some_and(|first| is_among(first, &FIRST))
            || words.any(|word| is_among(word, &ANYWHERE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_schema_or_the_search_path_is_found() {
        for sql in [
            "CREATE TEMP TABLE posts (id int)",
            "SELECT id INTO TEMPORARY posts FROM users",
            "SET LOCAL search_path TO tenant",
            "SELECT set_config('search_path', $1, true)",
            "-- a comment\n  alter table posts add column name text",
            "SELECT 1; drop table posts",
            "USE other",
            "rollback to savepoint a",
        ] {
            assert!(may_change_names(sql), "{sql}");
        }
        for sql in [
            "SELECT created_at, dropped FROM posts",
            "UPDATE posts SET role = 'x' WHERE use = 1",
            "INSERT INTO altered (id) VALUES ($1) ON CONFLICT DO NOTHING",
        ] {
            assert!(!may_change_names(sql), "{sql}");
        }
    }
}
