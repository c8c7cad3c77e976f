use sea_orm::{ConnectionTrait, DbErr};

use super::constraints::Dependents;
use crate::database::rows;

/// Reads everything that depends on single columns and is not carried over: all except the table's
/// indexes, checks and foreign keys, statistics, owned sequences and the columns' own defaults.
/// Leaves out the guard.
pub(super) async fn read_dependents<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Dependents, DbErr> {
    let sql = "SELECT DISTINCT a.attname, CASE \
               WHEN r.oid IS NOT NULL AND v.relkind = 'v' AND r.rulename = '_RETURN' \
               THEN 'the view `' || v.oid::regclass::text || '`' \
               WHEN r.oid IS NOT NULL AND v.relkind = 'm' AND r.rulename = '_RETURN' \
               THEN 'the materialized view `' || v.oid::regclass::text || '`' \
               WHEN r.oid IS NOT NULL \
               THEN 'the rule `' || r.rulename || '` on `' || v.oid::regclass::text || '`' \
               WHEN p.oid IS NOT NULL \
               THEN 'the policy `' || p.polname || '` on `' || p.polrelid::regclass::text || '`' \
               WHEN t.oid IS NOT NULL \
               THEN 'the trigger `' || t.tgname || '` on `' || t.tgrelid::regclass::text || '`' \
               WHEN c.contype = 'p' THEN 'the primary key `' || c.conname || '`' \
               WHEN c.contype = 'f' \
               THEN 'the foreign key `' || c.conname || '` of `' || c.conrelid::regclass::text || '`' \
               WHEN c.contype = 'x' THEN 'the exclusion constraint `' || c.conname || '`' \
               WHEN c.oid IS NOT NULL THEN 'the constraint `' || c.conname || '`' \
               WHEN f.oid IS NOT NULL THEN 'the generated column `' || g.attname || '`' \
               WHEN b.oid IS NOT NULL \
               THEN 'the column list or row filter of the publication `' || pub.pubname || '`' \
               WHEN fn.oid IS NOT NULL THEN 'the function `' || fn.oid::regprocedure::text || '`' \
               ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END AS object \
               FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               LEFT JOIN pg_class own ON d.classid = 'pg_class'::regclass AND own.oid = d.objid \
               LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid \
               LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid \
               LEFT JOIN pg_attribute g ON g.attrelid = f.adrelid AND g.attnum = f.adnum \
               LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid \
               LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid \
               LEFT JOIN pg_class v ON v.oid = r.ev_class \
               LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid \
               LEFT JOIN pg_publication_rel b \
               ON d.classid = 'pg_publication_rel'::regclass AND b.oid = d.objid \
               LEFT JOIN pg_publication pub ON pub.oid = b.prpubid \
               LEFT JOIN pg_proc fn ON d.classid = 'pg_proc'::regclass AND fn.oid = d.objid \
               WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 \
               AND NOT COALESCE(own.relkind IN ('i', 'S'), false) \
               AND d.classid <> 'pg_statistic_ext'::regclass \
               AND NOT COALESCE(c.contype IN ('n', 'c') OR c.contype = 'u' \
               AND COALESCE(to_jsonb(c) ->> 'conperiod', 'false') = 'false' \
               OR c.contype = 'f' AND c.conrelid = d.refobjid \
               AND NOT (c.confrelid = d.refobjid AND d.refobjsubid = ANY (c.confkey)), false) \
               AND NOT COALESCE(f.adrelid = d.refobjid AND f.adnum = d.refobjsubid, false) \
               AND NOT COALESCE(t.tgname LIKE '%handover\\_guard\\_%', false) \
               UNION SELECT a.attname, 'the security label of ' || l.provider \
               FROM pg_seclabel l JOIN pg_attribute a ON a.attrelid = l.objoid AND a.attnum = l.objsubid \
               WHERE l.classoid = 'pg_class'::regclass AND l.objoid = $1::bigint::oid \
               ORDER BY 1, 2";
    rows(connection, sql, [oid.into()])
        .await?
        .iter()
        .map(|row| {
            let object: String = row.try_get("", "object")?;
            Ok((row.try_get("", "attname")?, format!("{object} depends on it")))
        })
        .collect()
}

/// Reads other reasons why columns cannot be copied as they are: a type that refuses NULL before
/// there is a value, privileges from others, and a NOT NULL that does not hold for every row or is
/// not inherited.
pub(super) async fn read_peculiarities<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Dependents, DbErr> {
    let sql = "SELECT a.attname, 'its type, the domain `' || format_type(a.atttypid, NULL) \
               || '`, refuses NULL, which the copy has at first' AS words \
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
               LEFT JOIN pg_type base ON base.oid = t.typbasetype AND t.typtype = 'd' \
               WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped \
               AND (t.typnotnull OR COALESCE(base.typnotnull, false)) \
               UNION ALL SELECT a.attname, 'its privilege ' || x.privilege_type || ' was granted by `' \
               || pg_get_userbyid(x.grantor) || '`, who does not own the table' \
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x \
               WHERE c.oid = $1::bigint::oid AND NOT a.attisdropped AND x.grantor <> c.relowner \
               UNION ALL SELECT DISTINCT a.attname, format('%s inserts rows and may not use the sequence \
               `%s` that numbers them (`GRANT USAGE ON SEQUENCE %2$s TO %1$s`)', CASE WHEN x.grantee = 0 \
               THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, s.oid::regclass) \
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
               JOIN pg_class t ON t.oid = d.refobjid \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               CROSS JOIN LATERAL (SELECT * FROM aclexplode(t.relacl) UNION ALL \
               SELECT e.* FROM pg_attribute o, aclexplode(o.attacl) e WHERE o.attrelid = t.oid \
               AND NOT o.attisdropped) x \
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
               AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 AND d.deptype = 'i' \
               AND x.privilege_type = 'INSERT' AND CASE WHEN x.grantee = 0 \
               THEN NOT has_sequence_privilege('public', s.oid, 'USAGE') \
               ELSE NOT has_sequence_privilege(x.grantee, s.oid, 'USAGE') END \
               UNION ALL SELECT a.attname, pg_describe_object(u.classid, u.objid, u.objsubid) \
               || ' depends on the sequence `' || s.oid::regclass::text || '` that numbers its rows' \
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               JOIN pg_depend u ON u.refclassid = 'pg_class'::regclass AND u.refobjid = s.oid \
               AND u.deptype = 'n' \
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
               AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 AND d.deptype = 'i' \
               UNION ALL SELECT a.attname, 'the right ' || x.privilege_type || ' to its sequence was granted by `' \
               || pg_get_userbyid(x.grantor) || '`, who does not own it' \
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid, \
               aclexplode(s.relacl) x \
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
               AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 AND d.deptype = 'i' \
               AND x.grantor <> s.relowner \
               UNION ALL SELECT a.attname, 'its NOT NULL constraint `' || c.conname || '` is not valid' \
               FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid \
               AND a.attnum = ANY (c.conkey) WHERE c.conrelid = $1::bigint::oid AND c.contype = 'n' \
               AND NOT c.convalidated \
               UNION ALL SELECT a.attname, 'its NOT NULL constraint `' || c.conname || '` is NO INHERIT' \
               FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid \
               AND a.attnum = ANY (c.conkey) WHERE c.conrelid = $1::bigint::oid AND c.contype = 'n' \
               AND c.connoinherit";
    let found = rows(connection, sql, [oid.into()]).await?;
    found.iter().map(|row| Ok((row.try_get("", "attname")?, row.try_get("", "words")?))).collect()
}

/// Reads the columns of other tables whose values are rows of this table, which would lose the
/// column.
pub(super) async fn read_row_types<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT 'the column `' || a.attname || '` of `' || c.oid::regclass::text \
               || '` has whole rows of it' AS words \
               FROM pg_class own JOIN pg_type t ON t.oid = own.reltype \
               JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass \
               AND d.refobjid = ANY (ARRAY[t.oid, t.typarray]) AND d.classid = 'pg_class'::regclass \
               JOIN pg_attribute a ON a.attrelid = d.objid AND a.attnum = d.objsubid \
               AND NOT a.attisdropped \
               JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f') \
               WHERE own.oid = $1::bigint::oid ORDER BY 1";
    let found = rows(connection, sql, [oid.into()]).await?;
    found.iter().map(|row| row.try_get("", "words")).collect()
}

/// Reads the sequences that belong to columns, as `serial` creates them; they are dropped with the
/// column.
pub(super) async fn read_sequences<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<(String, String)>, DbErr> {
    let sql = "SELECT a.attname, quote_ident(n.nspname) || '.' || quote_ident(s.relname) AS sequence \
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
               JOIN pg_namespace n ON n.oid = s.relnamespace \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
               AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 AND d.deptype = 'a' ORDER BY 1, 2";
    rows(connection, sql, [oid.into()])
        .await?
        .iter()
        .map(|row| Ok((row.try_get("", "attname")?, row.try_get("", "sequence")?)))
        .collect()
}
