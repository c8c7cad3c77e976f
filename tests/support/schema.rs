//! A table as text: the same for two tables that are alike to an application.

use sea_orm::{DatabaseConnection, DbBackend};

use super::project::query;

/// Columns, indexes, constraints and triggers, then the rows by the first column. The table is
/// named as in SQL, in quotes where it needs them.
pub async fn dump(db: &DatabaseConnection, table: &str) -> String {
    let (columns, names, others, quote) = match db.get_database_backend() {
        DbBackend::Sqlite => sqlite_catalog(table),
        DbBackend::MySql => mariadb_catalog(table),
        _ => postgres_catalog(table),
    };
    let spoken = match db.get_database_backend() {
        DbBackend::MySql => super::mariadb::spoken(table),
        _ => table.to_owned(),
    };
    let quoted: Vec<_> =
        query(db, &names).await.iter().map(|name| quote.replace("{}", name)).collect();
    let rows = format!("SELECT {} FROM {spoken} ORDER BY 1", quoted.join(" || ', ' || "));

    let mut lines = vec![format!("table {table}")];
    for sql in [&columns, &others, &rows] {
        lines.extend(query(db, sql).await.iter().map(|line| format!("  {line}")));
    }
    lines.join("\n")
}

/// Queries for columns, their names, and all else; and how to quote a value.
type Catalog = (String, String, String, &'static str);

fn sqlite_catalog(table: &str) -> Catalog {
    let unquoted = table.strip_prefix('"').and_then(|table| table.strip_suffix('"'));
    let table = unquoted.map_or(table.to_owned(), |table| table.replace("\"\"", "\""));
    let table = table.replace('\'', "''");
    let columns = format!(
        "SELECT name || ' ' || lower(type)
                || iif(\"notnull\", ' not null', '')
                || iif(pk, ' primary key', '')
                || iif(dflt_value IS NULL, '', ' default ' || dflt_value)
           FROM pragma_table_info('{table}') ORDER BY name"
    );
    let names = format!(
        "SELECT '`' || replace(name, '`', '``') || '`' FROM pragma_table_info('{table}')
         ORDER BY pk = 0, name"
    );
    // The name of the index behind a constraint is SQLite's own affair.
    let others = format!(
        "SELECT iif(\"unique\", 'unique index', 'index')
                || iif(origin = 'c', ' ' || list.name, '') || ' ('
                || (SELECT group_concat(info.name) FROM pragma_index_info(list.name) AS info)
                || ')' AS line
           FROM pragma_index_list('{table}') AS list
         UNION ALL
         SELECT 'trigger ' || name FROM sqlite_master
          WHERE type = 'trigger' AND tbl_name = '{table}'
         ORDER BY line"
    );
    (columns, names, others, "quote({})")
}

fn postgres_catalog(table: &str) -> Catalog {
    let table = table.replace('\'', "''");
    let columns = format!(
        "SELECT attname || ' ' || format_type(atttypid, atttypmod)
                || coalesce((SELECT ' collate ' || collname FROM pg_collation AS c
                              WHERE c.oid = attcollation AND collname <> 'default'), '')
                || CASE WHEN attnotnull THEN ' not null' ELSE '' END
                || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
           FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
          WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
          ORDER BY attname"
    );
    let names = format!(
        "SELECT quote_ident(attname)
           FROM pg_attribute
           LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
          WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
          ORDER BY attnum = ANY (indkey) DESC NULLS LAST, attname"
    );
    let others = format!(
        "SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index
          WHERE indrelid = '{table}'::regclass
         UNION ALL
         SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
          WHERE conrelid = '{table}'::regclass AND contype <> 'n'
         UNION ALL
         SELECT 'trigger ' || tgname FROM pg_trigger
          WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal
         ORDER BY line"
    );
    (columns, names, others, "quote_nullable({}::text)")
}

fn mariadb_catalog(table: &str) -> Catalog {
    let unquoted = table.strip_prefix('"').and_then(|table| table.strip_suffix('"'));
    let table = unquoted.map_or(table.to_owned(), |table| table.replace("\"\"", "\""));
    let table = table.replace('\\', "\\\\").replace('\'', "''");
    let of = |schema: &str, name: &str| format!("{schema} = database() AND {name} = '{table}'");
    let columns = format!(
        "SELECT concat_ws(' ', column_name, column_type, collation_name,
                          if(is_nullable = 'NO', 'not null', NULL),
                          concat('default ', column_default), nullif(extra, ''),
                          concat('comment ', nullif(column_comment, '')))
           FROM information_schema.columns WHERE {} ORDER BY column_name",
        of("table_schema", "table_name")
    );
    let names = format!(
        "SELECT concat(if(data_type REGEXP 'binary|blob|bit', 'hex', ''),
                       '(`', replace(column_name, '`', '``'), '`)')
           FROM information_schema.columns
          WHERE {} ORDER BY column_key <> 'PRI', column_name",
        of("table_schema", "table_name")
    );
    let others = format!(
        "SELECT concat(if(non_unique, 'index ', 'unique index '), index_name, ' (',
                       group_concat(concat(column_name, coalesce(concat('(', sub_part, ')'), ''),
                                           if(collation = 'D', ' desc', ''))
                                    ORDER BY seq_in_index SEPARATOR ', '), ') ', index_type) AS line
           FROM information_schema.statistics WHERE {}
          GROUP BY index_name, non_unique, index_type
         UNION ALL
         SELECT concat('check ', check_clause) FROM information_schema.check_constraints WHERE {}
         UNION ALL
         SELECT concat('trigger ', trigger_name) FROM information_schema.triggers WHERE {}
         ORDER BY line",
        of("table_schema", "table_name"),
        of("constraint_schema", "table_name"),
        of("event_object_schema", "event_object_table")
    );
    (columns, names, others, "quote({})")
}
