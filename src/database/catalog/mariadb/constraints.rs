//! Reads the checks and foreign keys of a table, and the privileges on its columns.

use std::collections::HashMap;
use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DbErr};

use super::name::{of, quoted, values};
use crate::database::catalog::constraint::{Constraint, ConstraintRule};
use crate::database::catalog::property::Property;
use crate::database::rows;
use crate::model::TableName;

/// Reads the check in the definition of each column, by the column's name in lower case.
pub(super) async fn read_column_checks<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<HashMap<String, String>, DbErr> {
    let sql = format!(
        "SELECT constraint_name AS name, check_clause AS body \
         FROM information_schema.check_constraints WHERE level = 'Column' AND {}",
        of("constraint_schema", "table_name")
    );
    let found = rows(connection, &sql, values(name)).await?;
    let check = |row: &sea_orm::QueryResult| {
        Ok((row.try_get::<String>("", "name")?.to_lowercase(), row.try_get("", "body")?))
    };
    found.iter().map(check).collect()
}

/// Reads the foreign keys of the table.
pub(super) async fn read_foreign_keys<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Vec<Constraint>, DbErr> {
    let sql = format!(
        "SELECT k.constraint_name AS name, k.column_name AS part, \
         k.referenced_table_schema AS other_schema, k.referenced_table_name AS other, \
         k.referenced_column_name AS other_part, r.update_rule AS on_update, \
         r.delete_rule AS on_delete \
         FROM information_schema.key_column_usage k \
         JOIN information_schema.referential_constraints r \
         ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name \
         AND r.constraint_name = k.constraint_name \
         WHERE k.referenced_table_name IS NOT NULL AND {} \
         ORDER BY k.constraint_name, k.ordinal_position",
        of("k.table_schema", "k.table_name")
    );
    let mut keys: Vec<ForeignKey> = Vec::new();
    for row in rows(connection, &sql, values(name)).await? {
        let text = |column: &str| row.try_get::<String>("", column);
        let key = text("name")?;
        if keys.last().is_none_or(|last| last.name != key) {
            keys.push(ForeignKey {
                name: key,
                columns: Vec::new(),
                table: format!("{}.{}", quoted(&text("other_schema")?), quoted(&text("other")?)),
                referenced: Vec::new(),
                on_update: text("on_update")?,
                on_delete: text("on_delete")?,
            });
        }
        if let Some(last) = keys.last_mut() {
            last.columns.push(text("part")?);
            last.referenced.push(quoted(&text("other_part")?));
        }
    }
    Ok(keys.into_iter().map(ForeignKey::constraint).collect())
}

struct ForeignKey {
    name: String,
    columns: Vec<String>,
    /// The referenced table, as SQL.
    table: String,
    /// The referenced columns, as SQL.
    referenced: Vec<String>,
    on_update: String,
    on_delete: String,
}

impl ForeignKey {
    fn constraint(self) -> Constraint {
        let Self { name, columns, table, referenced, on_update, on_delete } = self;
        let mut references = format!("REFERENCES {table} ({})", referenced.join(", "));
        // If RESTRICT were written out, MariaDB would store it as NO ACTION.
        for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
            if action != "RESTRICT" {
                let _ = write!(references, " ON {event} {action}");
            }
        }
        let rule = ConstraintRule::ForeignKey { columns, references };
        Constraint { name, rule, suffix: String::new(), valid: true, comment: None }
    }
}

/// Reads the names that a new foreign key in the table's database cannot have.
pub(super) async fn read_key_names<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT constraint_name AS name FROM information_schema.referential_constraints \
               WHERE constraint_schema = coalesce($1, database()) AND $2 <> ''";
    let found = rows(connection, sql, values(name)).await?;
    found.iter().map(|row| row.try_get("", "name")).collect()
}

/// Reads the privileges on single columns that this user may see, by the column's name in lower
/// case.
pub(super) async fn read_privileges<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<HashMap<String, Vec<Property>>, DbErr> {
    let sql = format!(
        "SELECT column_name AS part, grantee, privilege_type AS privilege, \
         is_grantable = 'YES' AS grantable FROM information_schema.column_privileges WHERE {} \
         ORDER BY column_name, grantee, privilege_type",
        of("table_schema", "table_name")
    );
    let mut found: HashMap<String, Vec<Property>> = HashMap::new();
    for row in rows(connection, &sql, values(name)).await? {
        let column: String = row.try_get("", "part")?;
        found.entry(column.to_lowercase()).or_default().push(Property::Privilege {
            grantee: row.try_get("", "grantee")?,
            privilege: row.try_get("", "privilege")?,
            grantable: row.try_get("", "grantable")?,
        });
    }
    Ok(found)
}
