//! The columns of other tables that hold whole rows of a table.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::rows;

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
