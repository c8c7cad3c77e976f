//! The names of the objects that are built on the other column.

use crate::database::Dialect;

/// The name that an object of `source` has as one of `target`, once `source` is gone: its own,
/// unless that contains the column's name.
///
/// `users_username_key` becomes `users_handle_key`; `by_name` stays `by_name`.
pub(super) fn settled(name: &str, source: &str, target: &str) -> String {
    // SQLite's own names for the indexes of constraints may not be used by anyone else.
    if name.starts_with("sqlite_") { name.to_owned() } else { name.replace(source, target) }
}

/// A name under which the object can be built while the one of `source` still has its own.
pub(super) fn interim(
    dialect: Dialect,
    name: &str,
    (source, target): (&str, &str),
    fallback: &str,
    taken: &[String],
) -> String {
    let wanted = settled(name, source, target);
    let stem = if wanted == name { fallback } else { &wanted };
    free(dialect, stem, taken)
}

/// The stem, cut to the length that the database allows, with a number if the name is taken.
pub(in crate::migrator) fn free(dialect: Dialect, stem: &str, taken: &[String]) -> String {
    let limit = dialect.max_name_length().unwrap_or(usize::MAX);
    let cut = |text: &str, limit: usize| {
        let mut text = text.to_owned();
        while dialect.name_length(&text) > limit {
            text.pop();
        }
        text
    };
    let free = |name: &String| !taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    let plain = cut(stem, limit);
    if free(&plain) {
        return plain;
    }
    // One more than there are names that can be taken.
    (2..=taken.len() + 2)
        .map(|n| {
            let ending = format!("_{n}");
            format!("{}{ending}", cut(stem, limit.saturating_sub(ending.len())))
        })
        .find(free)
        .unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_the_column_is_kept() {
        let settled = |name| settled(name, "username", "handle");
        assert_eq!(settled("users_username_key"), "users_handle_key");
        assert_eq!(settled("by_name"), "by_name");
        assert_eq!(settled("sqlite_autoindex_username_1"), "sqlite_autoindex_username_1");
    }

    #[test]
    fn interim_names_are_free() {
        let taken = ["users_username_key", "users_handle_key", "by_name"].map(str::to_owned);
        let interim = |name| {
            let columns = ("username", "handle");
            interim(Dialect::Postgres, name, columns, "users_handle_idx", &taken)
        };
        assert_eq!(interim("users_username_key"), "users_handle_key_2");
        assert_eq!(interim("by_name"), "users_handle_idx");
    }

    #[test]
    fn long_names_are_cut_to_the_limit() {
        let name = free(Dialect::Postgres, &"ä".repeat(60), &["ä".repeat(31)]);
        assert!(name.len() <= 63 && name.ends_with("_2"), "{name}");
    }
}
