//! What keeps a column from being dropped, besides what its own table shows.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::{Dialect, rows};
use crate::model::{Identifier, TableName};

/// Reads what keeps a column from being dropped, or from being left out of an insert, besides what
/// [`Table`](super::Table) has: foreign keys of other tables (SQLite); a type that refuses NULL, and a
/// NOT NULL that would not come back as it was, in the table or in one that inherits from it (PostgreSQL);
/// an index of a virtual column (MariaDB). In words.
///
/// # Errors
/// The database reports an error.
pub async fn drop_obstacles<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
) -> Result<Vec<String>, DbErr> {
    let (sql, table) = match dialect {
        Dialect::Sqlite => (
            "SELECT DISTINCT 'a foreign key of `' || m.name || '` refers to it' AS words \
             FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
             AND lower(f.\"table\") = lower($1) AND lower(f.\"to\") = lower($2) ORDER BY 1",
            table.name.as_str().to_owned(),
        ),
        Dialect::Postgres => (
            "SELECT format('its type, the domain `%s`, refuses NULL: give the column a default', \
             format_type(t.oid, NULL)) AS words FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
             WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT a.atthasdef \
             AND t.typnotnull AND t.typdefault IS NULL \
             UNION ALL SELECT format('its NOT NULL constraint `%s` is %s, and could not be made again', \
             c.conname, CASE WHEN c.convalidated THEN 'NO INHERIT' ELSE 'not valid' END) \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid \
             AND a.attnum = ANY (c.conkey) WHERE c.conrelid = to_regclass($1) AND a.attname = $2 \
             AND NOT a.atthasdef AND c.contype = 'n' AND (c.connoinherit OR NOT c.convalidated) \
             UNION ALL SELECT format('`%s`, which inherits it, %s', o.attrelid::regclass, CASE \
             WHEN o.attnotnull AND NOT a.attnotnull THEN 'refuses NULL in it' \
             WHEN a.attnotnull AND NOT o.attnotnull THEN 'takes NULL in it' \
             ELSE 'has it as a column of its own, too' END) FROM pg_attribute a \
             CROSS JOIN LATERAL (WITH RECURSIVE tree (oid) AS (SELECT i.inhrelid FROM pg_inherits i \
             WHERE i.inhparent = a.attrelid UNION SELECT i.inhrelid FROM pg_inherits i \
             JOIN tree ON i.inhparent = tree.oid) SELECT oid FROM tree) AS heirs \
             JOIN pg_attribute o ON o.attrelid = heirs.oid AND o.attname = a.attname \
             WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT o.attisdropped \
             AND (o.attnotnull <> a.attnotnull OR o.attislocal)",
            dialect.quote_table(table),
        ),
        Dialect::MariaDb => {
            let sql = "SELECT DISTINCT concat('MariaDB drops no column while the table is in use beside \
                       the index `', s.index_name, '` of a virtual column') AS words \
                       FROM information_schema.statistics s JOIN information_schema.columns c \
                       ON c.table_schema = s.table_schema AND c.table_name = s.table_name \
                       AND c.column_name = s.column_name WHERE c.extra LIKE '%VIRTUAL GENERATED%' \
                       AND s.table_schema = coalesce($1, database()) AND s.table_name = $2";
            let schema = table.schema.as_ref().map(|schema| schema.as_str().to_owned());
            let values = [schema.into(), table.name.as_str().into()];
            let found = rows(connection, sql, values).await?;
            return found.iter().map(|row| row.try_get("", "words")).collect();
        }
    };
    let found = rows(connection, sql, [table.into(), column.as_str().into()]).await?;
    found.iter().map(|row| row.try_get("", "words")).collect()
}
