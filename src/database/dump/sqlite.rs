//! The schema of SQLite, as it stores it.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::rows;

/// Every object that has a statement, in an order in which they can be created again: SQLite looks
/// for a table only when an index or a trigger needs it. A virtual table creates its shadow tables
/// itself.
const OBJECTS: &str = "\
    SELECT s.sql FROM sqlite_schema AS s \
    LEFT JOIN pragma_table_list AS t \
    ON t.schema = 'main' AND t.name = s.name AND s.type = 'table' \
    WHERE s.sql IS NOT NULL AND coalesce(t.type, '') <> 'shadow' \
    AND substr(s.name, 1, 7) <> 'sqlite_' AND substr(s.tbl_name, 1, 9) <> 'handover_' \
    AND ($1 OR substr(s.name, 1, 19) <> 'zzz_handover_guard_') \
    ORDER BY CASE s.type WHEN 'table' THEN CASE t.type WHEN 'virtual' THEN 1 ELSE 0 END \
    WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, s.name";

/// Reads the statements as SQLite stores them: as they were typed, except for changes by a later
/// `ALTER`.
pub(super) async fn schema<C: ConnectionTrait>(
    connection: &C,
    guards: bool,
) -> Result<String, DbErr> {
    let mut text = String::new();
    for row in rows(connection, OBJECTS, [guards.into()]).await? {
        let sql: String = row.try_get_by_index(0)?;
        // A comment at the end would hide the semicolon.
        let last = sql.rsplit('\n').next().unwrap_or_default();
        let end = if last.contains("--") { "\n" } else { "" };
        let _ = writeln!(text, "{sql}{end};");
    }
    Ok(text)
}
