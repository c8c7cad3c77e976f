//! The reasons why a column cannot be copied as it is.

use sea_orm::{ConnectionTrait, DbErr};

use super::constraints::Dependents;
use crate::database::rows;

/// Reads other reasons why columns cannot be copied as they are: a type that refuses NULL before
/// there is a value, privileges from others, and a NOT NULL that does not hold for every row or is
/// not inherited.
pub(super) async fn read_uncopied<C: ConnectionTrait>(
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
