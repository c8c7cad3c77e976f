//! Reads a table with everything that belongs to its columns.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::columns::read_columns;
use super::constraints::{read_constraints, read_statistics};
use super::dependents::read_dependents;
use super::indexes::{key, read_indexes};
use super::owned_sequences::read_owned_sequences;
use super::row_types::read_row_types;
use super::uncopyable_columns::read_uncopied;
use crate::database::catalog::table::Table;
use crate::database::{Dialect, get, row, rows};
use crate::model::TableName;

/// The name of the temporary check with which a column is made NOT NULL without a long lock.
pub const NOT_NULL_CHECK: &str = "handover_not_null";

/// Reads the table, with each expression as it is shown with an empty search path: so it is the
/// same in each session, and each name means exactly one object. Needs a transaction.
///
/// It is also read while the table is locked, so it must not take long. The joins of the queries
/// are in a good order already; the planner's search for a better one takes several times as long
/// as the queries.
pub(in crate::database::catalog) async fn table<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Option<Table>, DbErr> {
    let quoted = Dialect::Postgres.quote_table(name);
    let sql = "SELECT c.oid::bigint AS oid, n.nspname, c.relkind::text AS kind, \
               (SELECT string_agg('`' || i.inhparent::regclass::text || '`', ', ') \
               FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents, \
               (SELECT string_agg('`' || i.inhrelid::regclass::text || '`', ', ') \
               FROM pg_inherits i WHERE i.inhparent = c.oid) AS heirs, \
               c.relispartition AS partition, \
               c.reloftype <> 0 AS typed, pg_has_role(c.relowner, 'USAGE') AS owned, \
               pg_get_userbyid(c.relowner)::text AS owner, current_user::text AS role, \
               row_security_active(c.oid) AS filtered, c.relnatts >= 1600 AS full, \
               c.relpersistence = 't' AS temporary, current_setting('search_path') AS path, \
               current_setting('quote_all_identifiers') AS quoting, \
               current_setting('join_collapse_limit') AS collapse \
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.oid = to_regclass($1)";
    let Some(found) = row(connection, sql, [quoted.into()]).await? else {
        return Ok(None);
    };
    let own = ["path", "quoting", "collapse"].map(|name| found.try_get("", name));
    let [path, quoting, collapse] = own;
    let own: [String; 3] = [path?, quoting?, collapse?];
    set(connection, ["pg_catalog", "off", "1"].map(str::to_owned)).await?;
    let oid: i64 = found.try_get("", "oid")?;
    let columns = read_columns(connection, oid).await?;
    let indexes = read_indexes(connection, oid).await?;
    let list = "SELECT relname::text AS name FROM pg_class WHERE relnamespace = \
                (SELECT relnamespace FROM pg_class WHERE oid = $1::bigint::oid) \
                UNION SELECT conname::text FROM pg_constraint WHERE conrelid = $1::bigint::oid";
    let names = rows(connection, list, [oid.into()]).await?;
    let (mut constraints, mut dependents) = read_constraints(connection, oid).await?;
    let before = constraints.len();
    constraints.retain(|constraint| constraint.name != NOT_NULL_CHECK);
    let unfinished_not_null = constraints.len() < before;
    dependents.extend(read_dependents(connection, oid).await?);
    let mut unfit = unfit(&found)?;
    unfit.extend(read_row_types(connection, oid).await?);
    let table = Table {
        names: names.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?,
        schema: found.try_get("", "nspname")?,
        constraints,
        unfinished_not_null,
        statistics: read_statistics(connection, oid).await?,
        sequences: read_owned_sequences(connection, oid).await?,
        dependents,
        uncopied: read_uncopied(connection, oid).await?,
        unfit,
        key: key(&columns, &indexes),
        columns,
        indexes,
    };
    set(connection, own).await?;
    Ok(Some(table))
}

/// Sets the search path, the quoting of all names, and the number of joins that may be reordered.
async fn set<C: ConnectionTrait>(connection: &C, values: [String; 3]) -> Result<(), DbErr> {
    let sql = "SELECT set_config('search_path', $1, true) \
               || set_config('quote_all_identifiers', $2, true) \
               || set_config('join_collapse_limit', $3, true)";
    get::<String, _, _>(connection, sql, values.map(Into::into)).await?;
    Ok(())
}

fn unfit(found: &QueryResult) -> Result<Vec<String>, DbErr> {
    let flag = |name: &str| found.try_get::<bool>("", name);
    let text = |name: &str| found.try_get::<String>("", name);
    let mut reasons = Vec::new();
    match text("kind")?.as_str() {
        "r" => {}
        "p" => reasons.push("it is partitioned".to_owned()),
        "v" | "m" => reasons.push("it is a view".to_owned()),
        "f" => reasons.push("it is a foreign table".to_owned()),
        _ => reasons.push("it is not an ordinary table".to_owned()),
    }
    let related = |name: &str| found.try_get::<Option<String>>("", name);
    if let Some(parents) = related("parents")? {
        let how = if flag("partition")? { "it is a partition of" } else { "it inherits from" };
        reasons.push(format!("{how} {parents}"));
    }
    if let Some(heirs) = related("heirs")?.filter(|_| text("kind").is_ok_and(|kind| kind == "r")) {
        reasons.push(format!("these tables inherit from it: {heirs}"));
    }
    let (owner, role) = (text("owner")?, text("role")?);
    for (found, reason) in [
        (flag("typed")?, "its columns are those of a type (`CREATE TABLE … OF`)".to_owned()),
        (flag("temporary")?, "it is a temporary table".to_owned()),
        (flag("full")?, "it has 1600 columns, counting dropped ones, and takes no more".to_owned()),
        (!flag("owned")?, format!("it belongs to `{owner}`, and `{role}` may not change it")),
        (
            flag("filtered")?,
            format!(
                "row security hides rows from `{role}`, which would not be copied (run the \
                 migration as a role with BYPASSRLS: `ALTER ROLE {role} BYPASSRLS`)"
            ),
        ),
    ] {
        if found {
            reasons.push(reason);
        }
    }
    Ok(reasons)
}
