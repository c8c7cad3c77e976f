//! The partitions of a table, and the tables that inherit from it.

use sea_orm::{ConnectionTrait, DbErr};

use crate::database::{Dialect, rows};
use crate::model::{Identifier, TableName};

/// The table `$1` with all its descendants.
pub(in crate::database::catalog) const TREE: &str = "WITH RECURSIVE tree (oid) AS (SELECT to_regclass($1)::oid \
                    UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)";

/// Reads the table's partitions and the tables that inherit from it, with theirs (PostgreSQL): their
/// columns are renamed with it.
///
/// # Errors
/// The database reports an error.
pub async fn descendants<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
) -> Result<Vec<TableName>, DbErr> {
    if dialect != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{TREE} SELECT n.nspname AS of_schema, c.relname AS name FROM tree \
         JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid <> to_regclass($1) ORDER BY 1, 2"
    );
    let name = Dialect::Postgres.quote_table(table);
    let mut found = Vec::new();
    for row in rows(connection, &sql, [name.into()]).await? {
        let name: String = row.try_get("", "name")?;
        let schema: String = row.try_get("", "of_schema")?;
        if let (Ok(schema), Ok(name)) = (Identifier::new(schema), Identifier::new(name)) {
            found.push(TableName { schema: Some(schema), name });
        }
    }
    Ok(found)
}
