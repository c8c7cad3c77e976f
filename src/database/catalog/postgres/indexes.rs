//! Reads the indexes of a table, and picks its key.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::json_list::list;
use crate::database::catalog::column::Column;
use crate::database::catalog::index::{Index, IndexColumn};
use crate::database::catalog::key::{Key, KeyColumn};
use crate::database::rows;

/// The primary key, otherwise a unique key without nullable columns, otherwise the rows' `ctid`.
pub(super) fn key(columns: &[Column], indexes: &[Index]) -> Key {
    let not_null = |index: &&Index| {
        index
            .columns
            .iter()
            .all(|part| columns.iter().any(|column| column.name == part.name && column.not_null))
    };
    let usable =
        |index: &&Index| index.unique && index.plain && index.valid && index.method == "btree";
    let Some(index) =
        indexes.iter().filter(usable).filter(not_null).max_by_key(|index| index.primary)
    else {
        return Key::Ctid;
    };
    let sql_type = |name: &str| {
        columns.iter().find(|column| column.name == name).map(|column| column.sql_type.clone())
    };
    Key::Columns(
        index
            .columns
            .iter()
            .map(|part| KeyColumn {
                name: part.name.clone(),
                sql_type: sql_type(&part.name).unwrap_or_default(),
            })
            .collect(),
    )
}

pub(super) async fn read_indexes<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<Index>, DbErr> {
    let sql = "SELECT i.indexrelid::bigint AS oid, c.relname, i.indisunique, i.indisprimary, i.indisvalid, \
               con.oid IS NOT NULL AS is_constraint, am.amname, i.indisclustered, i.indisreplident, \
               pg_get_expr(i.indpred, i.indrelid) AS predicate, \
               COALESCE(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'true' AS nulls, \
               CASE WHEN con.condeferred THEN 'DEFERRABLE INITIALLY DEFERRED' \
               WHEN con.condeferrable THEN 'DEFERRABLE' END AS deferrable, \
               coalesce(to_json(c.reloptions)::text, '[]') AS options, \
               quote_ident(s.spcname) AS tablespace, \
               obj_description(c.oid, 'pg_class') AS comment, \
               obj_description(con.oid, 'pg_constraint') AS constraint_comment, \
               (SELECT coalesce(json_agg(a.attname ORDER BY k.n)::text, '[]') \
               FROM generate_series(i.indnkeyatts, i.indnatts - 1) AS k(n) \
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n]) AS include, \
               (i.indpred IS NULL AND i.indexprs IS NULL AND i.indnatts = i.indnkeyatts \
               AND COALESCE(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false' \
               AND COALESCE(con.contype, 'u') IN ('u', 'p') AND NOT COALESCE(con.condeferrable, false)) AS plain \
               FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam \
               LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace \
               LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid \
               AND con.contype IN ('u', 'p', 'x') \
               WHERE i.indrelid = $1::bigint::oid ORDER BY c.relname";
    let mut columns = read_index_columns(connection, oid).await?;
    let mut indexes = Vec::new();
    for row in rows(connection, sql, [oid.into()]).await? {
        let index: i64 = row.try_get("", "oid")?;
        indexes.push(Index {
            name: row.try_get("", "relname")?,
            unique: row.try_get("", "indisunique")?,
            constraint: row.try_get("", "is_constraint")?,
            primary: row.try_get("", "indisprimary")?,
            plain: row.try_get("", "plain")?,
            method: row.try_get("", "amname")?,
            columns: columns.remove(&index).unwrap_or_default(),
            valid: row.try_get("", "indisvalid")?,
            include: list(&row, "include")?,
            predicate: row.try_get("", "predicate")?,
            nulls_not_distinct: row.try_get("", "nulls")?,
            deferrable: row.try_get("", "deferrable")?,
            options: list(&row, "options")?.iter().map(|option| parameter(option)).collect(),
            tablespace: row.try_get("", "tablespace")?,
            comment: row.try_get("", "comment")?,
            constraint_comment: row.try_get("", "constraint_comment")?,
            clustered: row.try_get("", "indisclustered")?,
            replica_identity: row.try_get("", "indisreplident")?,
            ignored: false,
        });
    }
    Ok(indexes)
}

/// Turns `fillfactor=70` of the catalog into `fillfactor = '70'` for SQL. The name needs no quotes,
/// because the catalog accepts only names that it knows.
fn parameter(option: &str) -> String {
    match option.split_once('=') {
        Some((name, value)) => format!("{name} = '{}'", value.replace('\'', "''")),
        None => option.to_owned(),
    }
}

/// Reads the columns of each index, in order.
async fn read_index_columns<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<HashMap<i64, Vec<IndexColumn>>, DbErr> {
    let sql = "SELECT i.indexrelid::bigint AS oid, a.attname, \
               CASE WHEN i.indkey[own.attnum - 1] = 0 \
               THEN pg_get_indexdef(i.indexrelid, own.attnum::int, false) END AS expression, \
               coalesce(to_json(own.attoptions)::text, '[]') AS parameters, \
               nullif((to_jsonb(own) ->> 'attstattarget')::int, -1) AS statistics, \
               CASE WHEN i.indcollation[own.attnum - 1] NOT IN (0, coalesce(a.attcollation, 0)) \
               AND (a.attname IS NOT NULL OR i.indcollation[own.attnum - 1] <> own.attcollation) \
               THEN ' COLLATE ' || \
               quote_ident(cn.nspname) || '.' || quote_ident(co.collname) ELSE '' END AS collation, \
               CASE WHEN NOT o.opcdefault OR own.attoptions IS NOT NULL \
               THEN ' ' || quote_ident(opn.nspname) || '.' || \
               quote_ident(o.opcname) ELSE '' END AS class, \
               CASE WHEN i.indoption[own.attnum - 1] & 1 = 1 THEN ' DESC' ELSE '' END || \
               CASE WHEN i.indoption[own.attnum - 1] & 3 = 2 THEN ' NULLS FIRST' \
               WHEN i.indoption[own.attnum - 1] & 3 = 1 THEN ' NULLS LAST' ELSE '' END AS sorting \
               FROM pg_index i JOIN pg_attribute own \
               ON own.attrelid = i.indexrelid AND own.attnum BETWEEN 1 AND i.indnkeyatts \
               LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid \
               AND a.attnum = i.indkey[own.attnum - 1] AND a.attnum <> 0 \
               JOIN pg_opclass o ON o.oid = i.indclass[own.attnum - 1] \
               JOIN pg_namespace opn ON opn.oid = o.opcnamespace \
               LEFT JOIN pg_collation co ON co.oid = i.indcollation[own.attnum - 1] \
               LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
               WHERE i.indrelid = $1::bigint::oid ORDER BY i.indexrelid, own.attnum";
    let found = rows(connection, sql, [oid.into()]).await?;
    let column = |row: &sea_orm::QueryResult| {
        let text = |name: &str| row.try_get::<String>("", name);
        let parameters: Vec<String> =
            list(row, "parameters")?.iter().map(|option| parameter(option)).collect();
        let parameters = match parameters.as_slice() {
            [] => String::new(),
            _ => format!(" ({})", parameters.join(", ")),
        };
        Ok::<_, DbErr>(IndexColumn {
            name: row.try_get::<Option<String>>("", "attname")?.unwrap_or_default(),
            suffix: [text("collation")?, text("class")?, parameters, text("sorting")?].concat(),
            expression: row.try_get("", "expression")?,
            statistics: row.try_get("", "statistics")?,
        })
    };
    let mut columns: HashMap<i64, Vec<IndexColumn>> = HashMap::new();
    for row in &found {
        columns.entry(row.try_get("", "oid")?).or_default().push(column(row)?);
    }
    Ok(columns)
}
