//! The end of an INSERT that overwrites a row with its key.

use crate::database::Dialect;

/// The end of an INSERT that overwrites `columns` if a row with its key exists, and if the
/// condition `only` holds for that row.
pub(super) fn overwrite(
    dialect: Dialect,
    key: &str,
    columns: &[&str],
    only: Option<&str>,
) -> String {
    if dialect == Dialect::MariaDb {
        let set = columns.iter().map(|column| match only {
            Some(only) => format!("{column} = IF({only}, VALUES({column}), {column})"),
            None => format!("{column} = VALUES({column})"),
        });
        return format!("ON DUPLICATE KEY UPDATE {}", set.collect::<Vec<_>>().join(", "));
    }
    let set = columns.iter().map(|column| format!("{column} = excluded.{column}"));
    let only = only.map(|only| format!(" WHERE {only}")).unwrap_or_default();
    format!("ON CONFLICT ({key}) DO UPDATE SET {}{only}", set.collect::<Vec<_>>().join(", "))
}
