//! The sequences that columns own, as `serial` creates them.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::rows;

/// Reads the sequences that belong to columns, as `serial` creates them; they are dropped with the
/// column.
pub(super) async fn read_owned_sequences<C: ConnectionTrait>(
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
