//! The name of the second column of a change for which the user gives none: `age` → `age_bigint`.

use super::change_name::word;
use crate::model::Identifier;

/// The name of the column while its values are kept. PostgreSQL would cut one of more than 63 bytes.
///
/// `nickname` → `nickname_dropped`
pub(super) fn of_drop(column: &Identifier) -> Identifier {
    const ENDING: &str = "_dropped";
    let name = column.as_str();
    let kept = name.floor_char_boundary(63 - ENDING.len());
    let kept = &name[..kept.min(name.len())];
    Identifier::new(format!("{kept}{ENDING}")).unwrap_or_else(|_| column.clone())
}

/// The name of the column with the new type, cut to a length that every database keeps.
///
/// `age`, `bigint` → `age_bigint`
pub(super) fn of_retype(column: &Identifier, sql_type: &str) -> String {
    const LIMIT: usize = 63;
    let ending = format!("_{}", word(sql_type).chars().take(24).collect::<String>());
    let mut stem = column.as_str().to_owned();
    while stem.len() + ending.len() > LIMIT {
        stem.pop();
    }
    stem + &ending
}
