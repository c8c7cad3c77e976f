//! The id of a change: `rename_users_username_to_handle`.

use std::collections::HashSet;

use crate::manifest::Checksum;
use crate::model::{ChangeName, ColumnPair, InvalidChangeName};

/// The id of a rename: `rename_users_username_to_handle`, with a number appended if it is in
/// `taken`.
///
/// # Errors
/// Never in practice: every character is replaced by one that is allowed.
pub(super) fn of_rename(
    rename: &ColumnPair,
    taken: &HashSet<&str>,
) -> Result<ChangeName, InvalidChangeName> {
    let (table, from, to) = (table(rename), word(rename.from.as_str()), word(rename.to.as_str()));
    free(&fit(format!("rename_{table}_{from}_to_{to}")), taken)
}

/// The id of a drop: `drop_users_nickname`, with a number appended if it is in `taken`.
///
/// # Errors
/// Never in practice: every character is replaced by one that is allowed.
pub(super) fn of_drop(
    columns: &ColumnPair,
    taken: &HashSet<&str>,
) -> Result<ChangeName, InvalidChangeName> {
    let (table, column) = (table(columns), word(columns.from.as_str()));
    free(&fit(format!("drop_{table}_{column}")), taken)
}

/// The id of a change of type: `retype_users_age_to_bigint`, with a number appended if it is in
/// `taken`.
///
/// # Errors
/// Never in practice: every character is replaced by one that is allowed.
pub(super) fn of_retype(
    columns: &ColumnPair,
    sql_type: &str,
    taken: &HashSet<&str>,
) -> Result<ChangeName, InvalidChangeName> {
    let (table, column) = (table(columns), word(columns.from.as_str()));
    let sql_type = word(sql_type);
    free(&fit(format!("retype_{table}_{column}_to_{sql_type}")), taken)
}

fn table(columns: &ColumnPair) -> String {
    let schema = columns.table.schema.iter().map(|schema| word(schema.as_str()));
    schema.chain([word(columns.table.name.as_str())]).collect::<Vec<_>>().join("_")
}

/// The name, with a number appended if it is taken.
fn free(name: &str, taken: &HashSet<&str>) -> Result<ChangeName, InvalidChangeName> {
    if !taken.contains(name) {
        return name.parse();
    }
    let mut number: u64 = 2;
    loop {
        let numbered = format!("{name}_{number}");
        if !taken.contains(numbered.as_str()) {
            return numbered.parse();
        }
        number += 1;
    }
}

/// Suggests a valid name for one that is not valid.
pub(super) fn suggested(name: &str) -> String {
    match fit(word(name)) {
        fits if name.bytes().any(|byte| byte.is_ascii_alphanumeric()) => fits,
        _ => "add_index".to_owned(),
    }
}

/// A name as part of an id; a name without any allowed character is replaced by its hash.
pub(super) fn word(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.ends_with('_') {
            word.push('_');
        }
    }
    match word.trim_matches('_') {
        "" => hash(name),
        word => word.to_owned(),
    }
}

/// Cuts an id that is too long, leaving room for a number, and adds a hash that tells it from
/// others.
fn fit(name: String) -> String {
    const ROOM: usize = 8;
    if name.len() + ROOM <= ChangeName::MAX_LENGTH {
        return name;
    }
    let hash = hash(&name);
    let cut = ChangeName::MAX_LENGTH - ROOM - hash.len() - 1;
    format!("{}_{hash}", name.get(..cut).unwrap_or_default())
}

fn hash(text: &str) -> String {
    Checksum::of(text.as_bytes()).as_str().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ColumnPath, Identifier};

    fn name(column: &str, to: &str, taken: &[&str]) -> String {
        let ColumnPath { table, column: from } = column.parse().unwrap();
        let rename = ColumnPair { table, from, to: Identifier::new(to).unwrap() };
        of_rename(&rename, &taken.iter().copied().collect()).unwrap().to_string()
    }

    #[test]
    fn names_are_made_of_what_fits() {
        let long = "x".repeat(63);
        for (column, to, expect) in [
            ("users.username", "handle", "rename_users_username_to_handle"),
            ("app.Users.User Name", "Handle!", "rename_app_users_user_name_to_handle"),
            ("users._a__b_", "c--d", "rename_users_a_b_to_c_d"),
            ("users.имя", "handle", "rename_users_b9d9e5b1_to_handle"),
        ] {
            let name = name(column, to, &[]);
            if column.is_ascii() {
                assert_eq!(name, expect);
            } else {
                assert!(name.starts_with("rename_users_") && name.len() == expect.len(), "{name}");
            }
        }
        let name = name(&format!("{long}.{long}"), &long, &[]);
        assert!(name.len() <= ChangeName::MAX_LENGTH - 2);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let base = "rename_users_username_to_handle";
        assert_eq!(name("users.username", "handle", &[base]), format!("{base}_2"));
        let second = format!("{base}_2");
        let taken = [base, second.as_str()];
        assert_eq!(name("users.username", "handle", &taken), format!("{base}_3"));
    }
}
