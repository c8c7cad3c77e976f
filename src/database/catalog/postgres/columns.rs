//! Reads the columns of a table, with their properties.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::identity::read_identities;
use super::json_list::list;
use crate::database::catalog::column::Column;
use crate::database::catalog::identity::Identity;
use crate::database::catalog::property::Property;
use crate::database::{get, rows};

/// Reads the columns. Attributes that only later versions have are read from the row as JSON, so
/// that earlier versions are not asked for a column that they do not have.
pub(super) async fn read_columns<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<Column>, DbErr> {
    let sql = "SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS sql_type, a.attnotnull, \
               pg_get_expr(d.adbin, d.adrelid) AS default_sql, \
               a.attgenerated <> '' AS computed, a.attidentity <> '' AS numbered, \
               CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 \
               THEN quote_ident(n.nspname) || '.' || quote_ident(c.collname) END AS collation, \
               col_description(a.attrelid, a.attnum) AS comment, \
               coalesce((to_jsonb(a) ->> 'attstattarget')::int, -1) AS statistics, \
               CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage, \
               nullif(to_jsonb(a) ->> 'attcompression', '') AS compression, \
               coalesce(to_json(a.attoptions)::text, '[]') AS options, \
               (SELECT con.conname::text FROM pg_constraint con WHERE con.conrelid = a.attrelid \
               AND con.contype = 'n' AND con.conkey = ARRAY[a.attnum]) AS not_null_name, \
               (SELECT obj_description(con.oid, 'pg_constraint') FROM pg_constraint con \
               WHERE con.conrelid = a.attrelid AND con.contype = 'n' \
               AND con.conkey = ARRAY[a.attnum]) AS not_null_comment \
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
               LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
               LEFT JOIN pg_collation c ON c.oid = a.attcollation \
               LEFT JOIN pg_namespace n ON n.oid = c.collnamespace \
               WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped \
               ORDER BY a.attnum";
    let mut privileges = read_privileges(connection, oid).await?;
    let mut identities = None;
    let mut columns = Vec::new();
    for row in rows(connection, sql, [oid.into()]).await? {
        let mut default: Option<String> = row.try_get("", "default_sql")?;
        let name: String = row.try_get("", "attname")?;
        let mut identity = None;
        if row.try_get("", "numbered")? {
            if identities.is_none() {
                identities = Some(read_identities(connection, oid).await?);
            }
            identity = identities.as_mut().and_then(|all| all.remove(&name));
            default = identity.as_ref().map(Identity::next);
        }
        let mut properties = read_properties(&row)?;
        properties.extend(privileges.remove(&name).unwrap_or_default());
        columns.push(Column {
            name,
            sql_type: row.try_get("", "sql_type")?,
            collation: row.try_get("", "collation")?,
            default_repeats: match &default {
                Some(_) if identity.is_some() => false,
                Some(sql) => !is_volatile(connection, sql).await?,
                None => true,
            },
            identity,
            default,
            not_null: row.try_get("", "attnotnull")?,
            computed: row.try_get("", "computed")?,
            properties,
            not_null_name: row.try_get("", "not_null_name")?,
            not_null_comment: row.try_get("", "not_null_comment")?,
            ..Column::default()
        });
    }
    Ok(columns)
}

fn read_properties(row: &QueryResult) -> Result<Vec<Property>, DbErr> {
    let text = |name: &str| row.try_get::<Option<String>>("", name);
    let mut properties = Vec::new();
    properties.extend(text("comment")?.map(Property::Comment));
    let target: i32 = row.try_get("", "statistics")?;
    properties.extend((target >= 0).then_some(Property::Statistics(target)));
    let storage = text("storage")?;
    properties.extend(storage.map(|letter| {
        let name = match letter.as_str() {
            "p" => "PLAIN",
            "e" => "EXTERNAL",
            "m" => "MAIN",
            _ => "EXTENDED",
        };
        Property::Storage(name.to_owned())
    }));
    let compression = text("compression")?;
    properties.extend(compression.map(|letter| {
        Property::Compression(if letter == "l" { "lz4" } else { "pglz" }.to_owned())
    }));
    for option in list(row, "options")? {
        if let Some((name, value)) = option.split_once('=') {
            let (name, value) = (name.to_owned(), value.to_owned());
            properties.push(Property::Option { name, value });
        }
    }
    Ok(properties)
}

/// Reads the privileges on single columns, by any grantor.
async fn read_privileges<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<HashMap<String, Vec<Property>>, DbErr> {
    let sql = "SELECT DISTINCT a.attname, x.privilege_type, x.is_grantable, \
               CASE WHEN x.grantee = 0 THEN 'PUBLIC' \
               ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee \
               FROM pg_attribute a, aclexplode(a.attacl) x \
               WHERE a.attrelid = $1::bigint::oid AND NOT a.attisdropped ORDER BY 1, 4, 2, 3";
    let mut found: HashMap<String, Vec<Property>> = HashMap::new();
    for row in rows(connection, sql, [oid.into()]).await? {
        found.entry(row.try_get("", "attname")?).or_default().push(Property::Privilege {
            grantee: row.try_get("", "grantee")?,
            privilege: row.try_get("", "privilege_type")?,
            grantable: row.try_get("", "is_grantable")?,
        });
    }
    Ok(found)
}

/// Returns true if an expression calls a volatile function, whose value may differ at each call. In
/// one statement, a default of `now()` gives one value, `random()` many.
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
