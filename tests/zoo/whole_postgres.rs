//! What `pg_dump` says of the schema, and the rows.

use std::process::Command;

use super::whole::{self, Named, Names, in_any_order};
use crate::support::project::{Project, query};

/// Where a dump names an index or a constraint.
const BEFORE: &str = "CONSTRAINT|INDEX|ONLY INDEX|CLUSTER ON";

pub fn lines(project: &Project, named: Named<'_>) -> Vec<String> {
    let table = table(named);
    let mut lines = Vec::new();
    let (names, more) = project.block_on(async |db| {
        let names = query(db, &names(&table, named.column)).await;
        let mut more = Vec::new();
        for (what, sql) in MORE {
            more.extend(whole::rows(db, what, sql).await);
        }
        if !named.is_written {
            more.extend(whole::rows(db, "", SEQUENCES).await);
        }
        for sql in query(db, TABLES).await {
            more.extend(query(db, &sql).await);
        }
        (names, more)
    });
    for block in blocks(&dump(project)) {
        let block = statistics(&block).unwrap_or(block);
        lines.extend(if block.contains("TABLE ") && block.starts_with("CREATE") {
            in_any_order(&block)
        } else {
            vec![block]
        });
    }
    lines.extend(more);
    // Its own name, in quotes where it needs them; then those of its indexes and constraints.
    let Some((table, names)) = names.split_first() else { return lines };
    let (named, qualified): (Vec<_>, Vec<_>) =
        names.iter().cloned().partition(|name| !name.starts_with("in the schema "));
    let qualified: Vec<_> =
        qualified.iter().map(|name| name["in the schema ".len()..].to_owned()).collect();
    let (named, qualified) = (Names::new(&named, BEFORE), Names::new(&qualified, BEFORE));
    for line in &mut lines {
        if line.contains(table.as_str()) {
            *line = named
                .replace(line)
                // PostgreSQL 18 names NOT NULL, and its dump leaves out the name that it would give.
                .replace("CONSTRAINT <name> NOT NULL", "NOT NULL");
        }
        *line = qualified.replace(line);
    }
    lines
}

/// The columns of extended statistics in an order that is not that of the table's.
fn statistics(block: &str) -> Option<String> {
    let (head, columns) = block.strip_prefix("CREATE STATISTICS ")?.split_once(" ON ")?;
    let (columns, table) = columns.split_once(" FROM ")?;
    let mut columns: Vec<_> = columns.split(", ").collect();
    columns.sort_unstable();
    Some(format!("CREATE STATISTICS {head} ON {} FROM {table}", columns.join(", ")))
}

fn table(named: Named<'_>) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let schema = named.schema.map(|schema| quoted(schema) + ".").unwrap_or_default();
    (schema + &quoted(named.table)).replace('\'', "''")
}

/// The table as a dump names it, then the names of its indexes and constraints that contain the
/// column's: alone, and with the schema.
fn names(table: &str, column: &str) -> String {
    let column = column.replace('\'', "''");
    format!(
        "WITH found AS (
             SELECT relname::text AS name FROM pg_index JOIN pg_class ON oid = indexrelid
              WHERE indrelid = to_regclass('{table}')
              UNION SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('{table}'))
         SELECT format('%I.%I', nspname, relname) FROM pg_class AS c
           JOIN pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = to_regclass('{table}')
         UNION ALL
         (SELECT quote_ident(name) FROM found WHERE strpos(name, '{column}') > 0
           ORDER BY length(name) DESC)
         UNION ALL
         (SELECT format('in the schema %I.%I', nspname, name) FROM found, pg_class AS c
           JOIN pg_namespace AS n ON n.oid = relnamespace
          WHERE c.oid = to_regclass('{table}') AND strpos(name, '{column}') > 0
          ORDER BY length(name) DESC)"
    )
}

fn dump(project: &Project) -> String {
    let database = project.postgres().unwrap();
    let mut dump = Command::new(database.server().program("pg_dump"));
    dump.args(["--schema-only", "--exclude-table=*.handover_*", "--no-sync", "--dbname"]);
    dump.arg(&database.url);
    let dump = dump.output().unwrap();
    assert!(dump.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dump.stderr));
    String::from_utf8(dump.stdout).unwrap()
}

/// The statements of a dump, without its remarks and the settings at its head.
fn blocks(dump: &str) -> Vec<String> {
    let is_remark = |line: &str| {
        let remark = line.starts_with("--");
        let setting = line.starts_with("SET ") || line.starts_with("SELECT pg_catalog.set_config");
        remark || setting || line.starts_with('\\')
    };
    let lines: Vec<&str> = dump.lines().filter(|line| !is_remark(line)).collect();
    let blocks = lines.join("\n");
    let blocks = blocks.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    // Grants stand in one block, in the order of the columns.
    blocks
        .flat_map(|block| {
            if block.starts_with("GRANT") || block.starts_with("ALTER TABLE") {
                block.split(";\n").map(|one| one.trim_end_matches(';').to_owned()).collect()
            } else {
                vec![block.to_owned()]
            }
        })
        .collect()
}

/// What a dump does not say.
const MORE: [(&str, &str); 3] = [
    (
        "broken index",
        "SELECT indexrelid::regclass::text FROM pg_index
          WHERE NOT (indisvalid AND indisready AND indislive)",
    ),
    (
        "trigger",
        "SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
          WHERE NOT tgisinternal",
    ),
    (
        "session setting",
        "SELECT concat_ws(' ', setdatabase, setrole, setconfig::text) FROM pg_db_role_setting
          WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())",
    ),
];

const SEQUENCES: &str = "
    SELECT CASE WHEN deptype = 'i' THEN 'identity sequence ' ELSE 'sequence ' END
           || format('%I.%I', schemaname, sequencename) || ' at ' || coalesce(last_value::text, 'start')
      FROM pg_sequences
      LEFT JOIN pg_depend ON objid = format('%I.%I', schemaname, sequencename)::regclass
                         AND deptype IN ('a', 'i') AND classid = 'pg_class'::regclass
     WHERE sequencename NOT LIKE 'handover\\_%'";

/// For each table a query of all its rows, columns by name.
const TABLES: &str = "
    SELECT format('SELECT %L || concat_ws('', '', %s) FROM ONLY %I.%I', 'row of ' || relname || ': ',
                  string_agg(format('%L || quote_nullable(%I::text)', attname || ' = ', attname), ', '
                             ORDER BY attname), nspname, relname)
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
      JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
     WHERE relkind IN ('r', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')
       AND nspname NOT LIKE 'pg\\_toast%' AND relname NOT LIKE 'handover\\_%' AND relispopulated
     GROUP BY nspname, relname";
