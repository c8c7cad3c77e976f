//! The objects that depend on single columns and are not carried over.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::catalog::table::Dependent;
use crate::database::rows;

/// Reads everything that depends on single columns and is not carried over: all except the table's
/// indexes, checks and foreign keys, statistics, owned sequences and the columns' own defaults.
/// Leaves out the guard.
pub(super) async fn read_dependents<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<Dependent>, DbErr> {
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
               ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END AS object, \
               COALESCE(c.contype <> 'p', true) AS fixes_type \
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
               UNION SELECT a.attname, 'the security label of ' || l.provider, false \
               FROM pg_seclabel l JOIN pg_attribute a ON a.attrelid = l.objoid AND a.attnum = l.objsubid \
               WHERE l.classoid = 'pg_class'::regclass AND l.objoid = $1::bigint::oid \
               ORDER BY 1, 2";
    rows(connection, sql, [oid.into()])
        .await?
        .iter()
        .map(|row| {
            let object: String = row.try_get("", "object")?;
            Ok(Dependent {
                column: row.try_get("", "attname")?,
                words: format!("{object} depends on it"),
                fixes_type: row.try_get("", "fixes_type")?,
            })
        })
        .collect()
}
