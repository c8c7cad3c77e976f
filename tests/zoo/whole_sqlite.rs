//! The texts of `sqlite_schema`, and the rows.

use std::sync::OnceLock;

use regex::Regex;

use super::whole::Named;
use crate::support::project::{Project, query};

pub fn lines(project: &Project, named: Named<'_>) -> Vec<String> {
    project.block_on(async |db| {
        let mut lines = query(db, SCHEMA).await;
        for line in &mut lines {
            *line = unquoted(line);
        }
        for sql in query(db, TABLES).await {
            if named.is_written && sql.contains("`sqlite_sequence`") {
                continue;
            }
            lines.extend(query(db, &sql).await);
        }
        lines
    })
}

/// A text with its names as they are without quotes: `"handle"`, `[handle]` and `handle` are the same
/// name, and SQLite writes it as it was told.
fn unquoted(line: &str) -> String {
    static QUOTED: OnceLock<(Regex, Regex)> = OnceLock::new();
    let (other, simple) = QUOTED.get_or_init(|| {
        let other = Regex::new(r"\[([^\]]*)\]|`([^`]*)`").unwrap();
        (other, Regex::new(r#""([A-Za-z_]\w*)""#).unwrap())
    });
    let quoted = other.replace_all(line, "\"$1$2\"");
    simple.replace_all(&quoted, "$1").into_owned()
}

const SCHEMA: &str = "
    SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '')
      FROM sqlite_schema WHERE tbl_name NOT LIKE 'handover\\_%' ESCAPE '\\'";

/// For each table and view a query of all its rows, columns by name. What a full-text table keeps
/// for itself depends on when it was written.
const TABLES: &str = "
    SELECT 'SELECT ''row of ' || replace(s.name, '''', '''''') || ': '
           || group_concat(replace(c.name, '''', '''''') || ' = '' || quote(`'
                           || replace(c.name, '`', '``') || '`)', ' || '', ')
           || ' FROM `' || replace(s.name, '`', '``') || '`'
      FROM sqlite_schema AS s
      JOIN (SELECT s.name AS of_table, x.name AS name
              FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS x
             WHERE s.type IN ('table', 'view') AND x.hidden <> 1
               AND s.name NOT LIKE 'stale%'
             ORDER BY s.name, x.name) AS c ON of_table = s.name
     WHERE s.name NOT LIKE 'handover\\_%' ESCAPE '\\'
       AND s.name NOT GLOB '*_fts_*' AND s.name NOT LIKE 'stale%'
     GROUP BY s.name";
