use sea_orm::{ConnectionTrait, DbErr};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::Listed;
use super::column::{Column, Index, IndexColumn, Key, KeyColumn, Table};
use crate::database::{Dialect, get, row, rows};
use crate::model::TableName;

pub(super) async fn listed<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Listed>, DbErr> {
    let sql = "SELECT n.nspname, a.attname FROM pg_attribute a \
               JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped \
               ORDER BY a.attnum";
    let found = rows(connection, sql, [Dialect::Postgres.quote_table(name).into()]).await?;
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let columns = found.iter().map(|row| row.try_get("", "attname")).collect::<Result<_, _>>()?;
    Ok(Some(Listed { schema: first.try_get("", "nspname")?, columns, ..Listed::default() }))
}

pub(super) async fn table<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    let quoted = Dialect::Postgres.quote_table(name);
    let sql = "SELECT c.oid::bigint AS oid, n.nspname, c.relkind::text AS kind, \
               (c.relispartition OR EXISTS (SELECT 1 FROM pg_inherits \
               WHERE c.oid IN (inhrelid, inhparent))) AS inherits \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.oid = to_regclass($1)";
    let Some(found) = row(connection, sql, [quoted.into()]).await? else {
        return Ok(None);
    };
    let oid: i64 = found.try_get("", "oid")?;
    let kind: String = found.try_get("", "kind")?;
    let inherits: bool = found.try_get("", "inherits")?;
    let columns = read_columns(connection, oid).await?;
    let indexes = read_indexes(connection, oid).await?;
    let key = key(&columns, &indexes);
    let list = "SELECT relname FROM pg_class WHERE relnamespace = \
                (SELECT relnamespace FROM pg_class WHERE oid = $1::bigint::oid)";
    let names = rows(connection, list, [oid.into()]).await?;
    Ok(Some(Table {
        names: names.iter().map(|row| row.try_get("", "relname")).collect::<Result<_, _>>()?,
        schema: found.try_get("", "nspname")?,
        dependents: read_dependents(connection, oid).await?,
        unfit: match (kind.as_str(), inherits) {
            ("r", false) => None,
            ("r" | "p", _) => Some("it is partitioned or inherits".to_owned()),
            ("v" | "m", _) => Some("it is a view".to_owned()),
            _ => Some("it is no ordinary table".to_owned()),
        },
        columns,
        indexes,
        key,
    }))
}

/// The primary key, else a unique key without nullable columns, else the rows' place.
fn key(columns: &[Column], indexes: &[Index]) -> Key {
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
        return Key::Place;
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

async fn read_columns<C: ConnectionTrait>(connection: &C, oid: i64) -> Result<Vec<Column>, DbErr> {
    let sql = "SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS sql_type, a.attnotnull, \
               pg_get_expr(d.adbin, d.adrelid) AS default_sql, \
               (a.attgenerated <> '' OR a.attidentity <> '') AS computed, \
               CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 \
               THEN quote_ident(n.nspname) || '.' || quote_ident(c.collname) END AS collation \
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
               LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
               LEFT JOIN pg_collation c ON c.oid = a.attcollation \
               LEFT JOIN pg_namespace n ON n.oid = c.collnamespace \
               WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped \
               ORDER BY a.attnum";
    let mut columns = Vec::new();
    for row in rows(connection, sql, [oid.into()]).await? {
        let default: Option<String> = row.try_get("", "default_sql")?;
        columns.push(Column {
            name: row.try_get("", "attname")?,
            sql_type: row.try_get("", "sql_type")?,
            collation: row.try_get("", "collation")?,
            default_repeats: match &default {
                Some(sql) => !is_volatile(connection, sql).await?,
                None => true,
            },
            default,
            not_null: row.try_get("", "attnotnull")?,
            computed: row.try_get("", "computed")?,
            comment: None,
        });
    }
    Ok(columns)
}

/// Whether an expression calls a function that may give another value at each call. The default
/// of a whole statement is one value for `now()` and many for `random()`.
async fn is_volatile<C: ConnectionTrait>(connection: &C, sql: &str) -> Result<bool, DbErr> {
    let Ok(tokens) = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize() else {
        return Ok(true);
    };
    for pair in tokens.windows(2) {
        if let [Token::Word(word), Token::LParen] = pair {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = $1 AND provolatile = 'v')";
            let name = match word.quote_style {
                Some(_) => word.value.clone(),
                None => word.value.to_lowercase(),
            };
            if get(connection, sql, [name.into()]).await? == Some(true) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn read_indexes<C: ConnectionTrait>(connection: &C, oid: i64) -> Result<Vec<Index>, DbErr> {
    let sql = "SELECT i.indexrelid::bigint AS oid, c.relname, i.indisunique, i.indisprimary, i.indisvalid, \
               con.oid IS NOT NULL AS is_constraint, am.amname, \
               (i.indpred IS NULL AND i.indexprs IS NULL AND i.indnatts = i.indnkeyatts \
               AND COALESCE(to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false' \
               AND COALESCE(con.contype, 'u') IN ('u', 'p') AND NOT COALESCE(con.condeferrable, false)) AS plain \
               FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam \
               LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid \
               AND con.contype IN ('u', 'p', 'x') \
               WHERE i.indrelid = $1::bigint::oid ORDER BY c.relname";
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
            columns: read_index_columns(connection, index).await?,
            valid: row.try_get("", "indisvalid")?,
        });
    }
    Ok(indexes)
}

async fn read_index_columns<C: ConnectionTrait>(
    connection: &C,
    index: i64,
) -> Result<Vec<IndexColumn>, DbErr> {
    let sql = "SELECT a.attname, \
               CASE WHEN i.indcollation[k.n] NOT IN (0, a.attcollation) THEN ' COLLATE ' || \
               quote_ident(cn.nspname) || '.' || quote_ident(co.collname) ELSE '' END || \
               CASE WHEN NOT o.opcdefault THEN ' ' || quote_ident(opn.nspname) || '.' || \
               quote_ident(o.opcname) ELSE '' END || \
               CASE WHEN i.indoption[k.n] & 1 = 1 THEN ' DESC' ELSE '' END || \
               CASE WHEN i.indoption[k.n] & 3 = 2 THEN ' NULLS FIRST' \
               WHEN i.indoption[k.n] & 3 = 1 THEN ' NULLS LAST' ELSE '' END AS suffix \
               FROM pg_index i CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS k(n) \
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n] \
               JOIN pg_opclass o ON o.oid = i.indclass[k.n] \
               JOIN pg_namespace opn ON opn.oid = o.opcnamespace \
               LEFT JOIN pg_collation co ON co.oid = i.indcollation[k.n] \
               LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace \
               WHERE i.indexrelid = $1::bigint::oid ORDER BY k.n";
    rows(connection, sql, [index.into()])
        .await?
        .iter()
        .map(|row| {
            Ok(IndexColumn {
                name: row.try_get("", "attname")?,
                suffix: row.try_get("", "suffix")?,
            })
        })
        .collect()
}

/// Everything that depends on single columns, but for plain indexes, their constraints and the
/// columns' own defaults, which are carried over.
async fn read_dependents<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<(String, String)>, DbErr> {
    let sql = "SELECT DISTINCT a.attname, pg_describe_object(d.classid, d.objid, d.objsubid) AS object \
               FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid \
               LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid \
               LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid \
               LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid \
               WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 \
               AND NOT COALESCE(i.indpred IS NULL AND i.indexprs IS NULL AND i.indnatts = i.indnkeyatts, false) \
               AND NOT COALESCE(c.contype = 'n' OR c.contype = 'u' AND NOT c.condeferrable, false) \
               AND NOT COALESCE(f.adrelid = d.refobjid AND f.adnum = d.refobjsubid, false) \
               AND NOT COALESCE(t.tgname LIKE '%handover\\_guard\\_%', false) \
               ORDER BY 1, 2";
    rows(connection, sql, [oid.into()])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "attname")?, row.try_get("", "object")?)))
        .collect()
}
