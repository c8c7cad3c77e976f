//! Which tables a database has, and which of their columns could be in the middle of a rename.

use handover::Dialect;
use handover::model::Identifier;

use super::compare::Middle;
use super::world::Cells;

#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub default: Option<String>,
    /// A rename of it would not be refused, and its table can be put into a middle state.
    pub renamed: bool,
    /// A unique index has it alone.
    pub unique: bool,
    /// No other index would have to be built again before reads switch.
    pub simple: bool,
    /// The servers' backfill makes the copy NOT NULL too.
    pub not_null: bool,
}

/// A query for table, column, type, default, and the four properties, in the columns' order.
pub const fn query(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
        Dialect::MariaDb => MARIADB,
    }
}

const SQLITE: &str = "
    WITH t AS (SELECT * FROM sqlite_schema
                WHERE lower(name) NOT IN (SELECT lower(name) FROM sqlite_temp_schema)
                  AND lower(tbl_name) NOT IN (SELECT lower(tbl_name) FROM sqlite_temp_schema))
    SELECT t.name, c.name,
           -- As expand adds it: a NULL that the default may replace is refused.
           c.type || iif(c.\"notnull\" AND lower(c.dflt_value) <> 'null', ' NOT NULL', ''),
           c.dflt_value,
           t.sql NOT LIKE '%collate%' AND t.sql NOT LIKE '%on conflict%' AND t.sql NOT LIKE '%generated%' AND t.sql NOT LIKE '% as (%'
             AND t.sql NOT LIKE '%virtual table%' AND c.hidden = 0 AND c.pk = 0
             AND coalesce(c.dflt_value, '') NOT LIKE '%(%'
             AND coalesce(c.dflt_value, '') NOT LIKE 'current_%'
             AND NOT EXISTS (SELECT 1 FROM t AS r
                              WHERE r.type = 'trigger' AND lower(r.tbl_name) = lower(t.name)),
           EXISTS (SELECT 1 FROM pragma_index_list(t.name) AS l JOIN pragma_index_info(l.name) AS i
                    WHERE l.\"unique\" AND NOT l.partial AND i.name = c.name
                      AND (SELECT count(*) FROM pragma_index_info(l.name)) = 1),
           NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) AS l JOIN pragma_index_info(l.name) AS i
                        WHERE l.\"unique\" AND (l.partial OR i.name IS NULL OR (i.name = c.name
                          AND (SELECT count(*) FROM pragma_index_info(l.name)) > 1))),
           c.\"notnull\"
      FROM t JOIN pragma_table_xinfo(t.name) AS c
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'";

const POSTGRES: &str = "
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
             || coalesce((SELECT ' COLLATE ' || quote_ident(nspname) || '.' || quote_ident(collname)
                            FROM pg_collation o JOIN pg_namespace n ON n.oid = collnamespace
                           WHERE o.oid = a.attcollation AND collname <> 'default'), ''),
           pg_get_expr(d.adbin, d.adrelid),
           (a.attidentity = '' AND NOT c.relhasrules AND NOT c.relrowsecurity AND NOT c.relispartition
             AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ '\\('
             AND NOT EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attgenerated <> '')
             AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal)
             AND NOT EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))
             AND NOT EXISTS (SELECT FROM pg_constraint k WHERE (k.contype <> 'u' OR k.condeferrable)
                              AND (k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
                                OR k.confrelid = c.oid AND a.attnum = ANY (k.confkey))))::int::text,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                    AND i.indpred IS NULL AND i.indexprs IS NULL
                    AND i.indkey::text = a.attnum::text)::int::text,
           (NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                        AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL
                          OR a.attnum = ANY (i.indkey) AND i.indnatts > 1)))::int::text,
           a.attnotnull::int::text
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid)
       AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     ORDER BY c.oid, a.attnum";

const MARIADB: &str = "
    SELECT c.table_name, c.column_name,
           concat(c.column_type, coalesce(concat(' COLLATE ', c.collation_name), '')),
           nullif(c.column_default, 'NULL'),
           cast(c.extra = '' AND c.column_key <> 'PRI' AND coalesce(c.column_default, '') NOT LIKE '%(%'
             AND t.engine IN ('MyISAM', 'InnoDB', 'Aria', 'MEMORY')
             AND t.create_options NOT LIKE '%partitioned%'
             AND NOT EXISTS (SELECT 1 FROM information_schema.statistics s
                              WHERE s.index_type IN ('FULLTEXT', 'SPATIAL')
                              AND s.table_schema = c.table_schema AND s.table_name = c.table_name)
             AND NOT EXISTS (SELECT 1 FROM information_schema.columns g WHERE (g.extra LIKE '%GENERATED%'
                              OR g.extra LIKE '%INVISIBLE%')
                              AND g.table_schema = c.table_schema AND g.table_name = c.table_name)
             AND NOT EXISTS (SELECT 1 FROM information_schema.triggers g WHERE
                             g.event_object_schema = c.table_schema
                             AND g.event_object_table = c.table_name) AS char),
           cast(EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.non_unique = 0
                    AND s.table_schema = c.table_schema AND s.table_name = c.table_name
                    AND s.index_name <> 'PRIMARY'
                  GROUP BY s.index_name HAVING group_concat(s.column_name) = c.column_name) AS char),
           cast(NOT EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.non_unique = 0
                    AND s.table_schema = c.table_schema AND s.table_name = c.table_name
                    AND s.index_name <> 'PRIMARY'
                  GROUP BY s.index_name HAVING count(*) > 1
                    AND sum(s.column_name = c.column_name) > 0) AS char),
           cast(c.is_nullable = 'NO' AS char)
      FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = database() AND t.table_type = 'BASE TABLE'
     ORDER BY c.table_name, c.ordinal_position";

/// The rows of the query as tables.
pub fn tables(dialect: Dialect, rows: Vec<Cells>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let mut cells = row.into_iter().map(|cell| {
            let prefix = if dialect == Dialect::Sqlite { 2 } else { 0 };
            cell.map(|text| text[prefix..].to_owned())
        });
        let mut next = || cells.next().flatten();
        let (table, name) = (next().unwrap_or_default(), next().unwrap_or_default());
        let (kind, default) = (next().unwrap_or_default(), next());
        let mut is = || next().as_deref() == Some("1");
        let (renamed, unique, simple, not_null) = (is(), is(), is(), is());
        let column = Column { name, kind, default, renamed, unique, simple, not_null };
        match tables.iter_mut().find(|known| known.name == table) {
            Some(known) => known.columns.push(column),
            None => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    tables
}

/// A name in SQL.
pub fn quoted(dialect: Dialect, name: &str) -> String {
    Identifier::new(name).map_or_else(|_| name.to_owned(), |name| dialect.quote(&name))
}

impl Table {
    pub fn quoted(&self, dialect: Dialect) -> String {
        quoted(dialect, &self.name)
    }

    /// A query for all rows, by the columns that an app knows.
    pub fn contents(&self, dialect: Dialect, middle: Option<&Middle>) -> String {
        let columns = self.columns.iter().map(|column| {
            let read = middle.filter(|middle| middle.column == column.name);
            quoted(dialect, read.map_or(column.name.as_str(), |middle| &middle.read))
        });
        let columns: Vec<String> = columns.collect();
        format!("SELECT {} FROM {}", columns.join(", "), self.quoted(dialect))
    }

    /// The columns of MariaDB's copy of the table, and where each comes from.
    pub fn copied(&self, middle: Option<&Middle>) -> (String, String) {
        let quote = |name: &str| quoted(Dialect::MariaDb, name);
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for column in &self.columns {
            if let Some(middle) = middle.filter(|middle| middle.column == column.name) {
                to.extend([quote(&middle.from), quote(&middle.to)]);
                from.extend([quote(&column.name), quote(&column.name)]);
            } else {
                to.push(quote(&column.name));
                from.push(quote(&column.name));
            }
        }
        (to.join(", "), from.join(", "))
    }
}
