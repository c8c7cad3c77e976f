//! The publications that send a table's rows, and the subscriptions that write them (PostgreSQL). Both know
//! columns by their names, and a change of the schema is not replicated.

use sea_orm::{ConnectionTrait, DbErr};

use super::postgres::TREE;
use super::uses::{Kind, Object};
use crate::database::{Dialect, rows};
use crate::model::{Identifier, TableName};

/// What is done to the table.
#[derive(Debug, Clone, Copy)]
pub enum Effect<'n> {
    /// A column gets another name.
    Renames,
    /// A second column is added for the values of the first, and every writer has to set both.
    Doubles {
        /// The first column.
        first: &'n Identifier,
        /// The second column.
        second: &'n Identifier,
    },
}

/// Reads the publications and subscriptions that such a change would stop, each with the problem in words.
///
/// # Errors
/// The database reports an error.
pub async fn replication<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    effect: Effect<'_>,
) -> Result<Vec<(Object, String)>, DbErr> {
    if dialect != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let name = dialect.quote_table(table);
    let values = [name.into(), matches!(effect, Effect::Doubles { .. }).into()];
    let mut found = Vec::new();
    for row in rows(connection, &sql(), values).await? {
        let name: String = row.try_get("", "name")?;
        let sends = row.try_get::<bool>("", "sends")?;
        let kind = if sends { Kind::Publication } else { Kind::Subscription };
        let object = Object::new(kind, None, &name);
        let words = format!("{object} {}", problem(effect, sends));
        found.push((object, words));
    }
    Ok(found)
}

/// A publication with a list of columns does not send one that is added: `$2` leaves such ones out.
/// Before version 15 there are no such lists, and no column for them in the catalog. The name of a
/// subscription is in a view that every role may read, in every version.
fn sql() -> String {
    format!(
        "{TREE}, sent AS (SELECT p.pubname::text AS name, tree.oid FROM tree \
         JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_publication_tables p ON p.schemaname = n.nspname AND p.tablename = c.relname \
         UNION SELECT p.pubname::text, tree.oid FROM tree \
         JOIN pg_publication_rel r ON r.prrelid = tree.oid JOIN pg_publication p ON p.oid = r.prpubid) \
         SELECT DISTINCT true AS sends, name FROM sent WHERE NOT $2 OR NOT EXISTS (SELECT 1 \
         FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid \
         WHERE r.prrelid = sent.oid AND p.pubname::text = sent.name \
         AND to_jsonb(r) ->> 'prattrs' IS NOT NULL) \
         UNION SELECT false, coalesce(s.subname::text, r.srsubid::text) FROM tree \
         JOIN pg_subscription_rel r ON r.srrelid = tree.oid \
         LEFT JOIN pg_stat_subscription s ON s.subid = r.srsubid ORDER BY 1, 2"
    )
}

fn problem(effect: Effect<'_>, sends: bool) -> String {
    match (effect, sends) {
        (Effect::Renames, true) => {
            "sends its columns by name, and a subscriber would stop at the new one".to_owned()
        }
        (Effect::Renames, false) => {
            "writes its columns by name, and would stop at the old one".to_owned()
        }
        (Effect::Doubles { second, .. }, true) => {
            format!("sends all columns, and a subscriber whose table has no `{second}` would stop")
        }
        (Effect::Doubles { first, second }, false) => format!(
            "writes `{first}` without `{second}`, and would stop when every writer has to set both"
        ),
    }
}
