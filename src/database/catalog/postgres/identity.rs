//! Reads the identity columns of a table.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::json_list::list;
use crate::database::catalog::identity::Identity;
use crate::database::rows;
use crate::model::Numbering;

/// Reads the identity columns.
pub(super) async fn read_identities<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<HashMap<String, Identity>, DbErr> {
    let sql = "SELECT a.attname, a.attidentity = 'a' AS always, q.seqcache, \
               quote_ident(n.nspname) || '.' || quote_ident(s.relname) AS sequence, \
               format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s', q.seqstart, \
               q.seqincrement, q.seqmin, q.seqmax, q.seqcache, \
               CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS options, \
               obj_description(s.oid, 'pg_class') AS comment, \
               (SELECT coalesce(json_agg(format('GRANT %s ON SEQUENCE %I.%I TO %s%s', x.privilege_type, \
               n.nspname, s.relname, CASE WHEN x.grantee = 0 THEN 'PUBLIC' \
               ELSE quote_ident(pg_get_userbyid(x.grantee)) END, \
               CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) \
               ORDER BY x.grantee, x.privilege_type)::text, '[]') \
               FROM aclexplode(s.relacl) x WHERE x.grantee <> s.relowner) AS grants \
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
               JOIN pg_sequence q ON q.seqrelid = s.oid JOIN pg_namespace n ON n.oid = s.relnamespace \
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
               AND d.refobjid = $1::bigint::oid AND d.refobjsubid > 0 AND d.deptype = 'i'";
    let mut found = HashMap::new();
    for row in rows(connection, sql, [oid.into()]).await? {
        let always: bool = row.try_get("", "always")?;
        let identity = Identity {
            numbering: if always { Numbering::Always } else { Numbering::ByDefault },
            sequence: row.try_get("", "sequence")?,
            options: row.try_get("", "options")?,
            cache: row.try_get("", "seqcache")?,
            comment: row.try_get("", "comment")?,
            grants: list(&row, "grants")?,
        };
        found.insert(row.try_get("", "attname")?, identity);
    }
    Ok(found)
}
