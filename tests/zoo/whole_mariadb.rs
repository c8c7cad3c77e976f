//! What `mariadb-dump` says of the schema, the privileges, and the rows.

use std::process::Command;

use regex::Regex;

use super::whole::{self, Named, Names, in_any_order};
use crate::support::project::{Project, query};

pub fn lines(project: &Project, named: Named<'_>) -> Vec<String> {
    let names = format!(
        "SELECT concat('`', replace(name, '`', '``'), '`') FROM (
             SELECT index_name AS name FROM information_schema.statistics
              WHERE table_schema = database() AND table_name = '{0}'
              UNION SELECT constraint_name FROM information_schema.table_constraints
              WHERE table_schema = database() AND table_name = '{0}') AS all_names
          WHERE instr(name, '{1}') > 0 ORDER BY length(name) DESC",
        named.table.replace('\'', "''"),
        named.column.replace('\'', "''")
    );
    let (names, own, more) = project.block_on(async |db| {
        let mut more = Vec::new();
        for (what, sql) in PRIVILEGES {
            more.extend(whole::rows(db, what, sql).await);
        }
        for sql in query(db, TABLES).await {
            more.extend(query(db, &sql).await);
        }
        (query(db, &names).await, query(db, OWN).await, more)
    });
    let counter = Regex::new(" AUTO_INCREMENT=[0-9]+").unwrap();
    let names = Names::new(&names, "KEY|CONSTRAINT|INDEX");
    let own_name = format!("`{}`", named.table.replace('`', "``"));
    let mut lines = Vec::new();
    for block in dump(project, &own).split(";\n") {
        let block = block.trim();
        let is_setting = block.starts_with("/*!4") || block.starts_with("SET ");
        if block.is_empty() || is_setting {
            continue;
        }
        let is_own = block.contains(&format!("CREATE TABLE {own_name} "));
        let text = if is_own { names.replace(block) } else { block.to_owned() };
        let text =
            if named.is_written { counter.replace_all(&text, "").into_owned() } else { text };
        lines.extend(if text.contains("CREATE TABLE") { in_any_order(&text) } else { vec![text] });
    }
    lines.extend(more);
    lines
}

fn dump(project: &Project, own: &[String]) -> String {
    let url = url::Url::parse(&project.url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    let socket = url.query_pairs().find(|(key, _)| key == "socket").unwrap().1.into_owned();
    let mut dump = Command::new("mariadb-dump");
    dump.args(["--no-defaults", "--user=root", "--no-data", "--routines", "--events"]);
    dump.args(["--triggers", "--skip-comments", "--skip-add-drop-table", "--skip-opt"]);
    dump.args(["--create-options", "--quote-names"]);
    dump.arg("--socket").arg(socket);
    for table in own {
        dump.arg(format!("--ignore-table={name}.{table}"));
    }
    let dump = dump.arg(&name).output().unwrap();
    // A view of a column that is gone makes it fail.
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let text = String::from_utf8(dump.stdout).unwrap();
    text.replace(&name, "<database>")
}

const OWN: &str = "SELECT table_name FROM information_schema.tables
     WHERE table_schema = database() AND table_name LIKE 'handover\\_%'";

/// Those on a column outlive it, and a plain RENAME COLUMN leaves them behind: a case's header says
/// what the other name should have.
const PRIVILEGES: [(&str, &str); 2] = [
    (
        "privilege",
        "SELECT CAST(concat_ws(' ', user, host, table_name, table_priv, column_priv) AS char)
           FROM mysql.tables_priv WHERE db = database()",
    ),
    (
        "privilege",
        "SELECT CAST(concat_ws(' ', user, host, table_name, column_name, column_priv) AS char)
           FROM mysql.columns_priv AS own WHERE db = database() AND EXISTS (
                SELECT 1 FROM information_schema.columns AS it WHERE it.table_schema = own.db
                   AND it.table_name = own.table_name AND it.column_name = own.column_name)",
    ),
];

/// For each table a query of all its rows, columns by name.
const TABLES: &str = "
    SELECT concat('SELECT concat(''row of ', replace(table_name, '''', ''''''), ': ',
                  group_concat(concat(replace(column_name, '''', ''''''), ' = '', quote(',
                               if(data_type REGEXP 'binary|blob|bit|geometry|point', 'hex', ''),
                               '(`', replace(column_name, '`', '``'), '`))')
                               ORDER BY column_name SEPARATOR ', '', '),
                  ') FROM `', replace(table_name, '`', '``'), '`')
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = database() AND table_name NOT LIKE 'handover\\_%'
       AND table_type = 'BASE TABLE'
     GROUP BY table_name";
