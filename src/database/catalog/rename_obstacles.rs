//! What keeps a column from being renamed in place.

use sea_orm::{ConnectionTrait, DbErr};

use super::mariadb;
use super::postgres::TREE;
use super::replication::{Effect, replication};
use super::uses::{Kind, Object};
use crate::database::{Dialect, row, rows};
use crate::model::{Identifier, TableName};

/// Reads the reasons, in words, for which the database does not rename the column at once.
///
/// # Errors
/// The database reports an error.
pub async fn of_column<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
) -> Result<Vec<String>, DbErr> {
    match dialect {
        Dialect::Sqlite => of_sqlite(connection, table).await,
        Dialect::Postgres => of_postgres(connection, table, column).await,
        Dialect::MariaDb => of_mariadb(connection, table, column).await,
    }
}

async fn of_sqlite<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT type FROM pragma_table_list($1) WHERE type <> 'table'";
    let found = row(connection, sql, [table.name.as_str().into()]).await?;
    let kind = found.map(|row| row.try_get::<String>("", "type")).transpose()?;
    let words = |kind: String| match kind.as_str() {
        "view" => "it is a view".to_owned(),
        kind => format!("it is a {kind} table"),
    };
    Ok(kind.map(words).into_iter().collect())
}

async fn of_postgres<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
    column: &Identifier,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT words FROM pg_class c \
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped \
        CROSS JOIN LATERAL (VALUES \
        (c.relkind IN ('v', 'm'), 'it is a view'), (c.relkind = 'f', 'it is a foreign table'), \
        (c.relkind NOT IN ('r', 'p', 'v', 'm', 'f'), 'it is not a table'), \
        (c.relpersistence = 't', 'it is a temporary table'), \
        (c.reloftype <> 0, 'its columns are those of a type (`CREATE TABLE … OF`)'), \
        (coalesce(a.attinhcount, 0) > 0, 'the column is inherited from another table: change it there'), \
        (NOT pg_has_role(c.relowner, 'USAGE'), format('it belongs to `%s`, and `%s` may not change it', \
        pg_get_userbyid(c.relowner), current_user))) AS v (applies, words) \
        WHERE c.oid = to_regclass($1) AND applies";
    let name = Dialect::Postgres.quote_table(table);
    let found = rows(connection, sql, [name.as_str().into(), column.as_str().into()]).await?;
    let mut reasons: Vec<String> =
        found.iter().map(|row| row.try_get("", "words")).collect::<Result<_, _>>()?;
    let whole_rows = format!(
        "{TREE} SELECT DISTINCT format('the column `%s` of `%s` has whole rows of it', a.attname, \
         c.oid::regclass) AS words FROM tree JOIN pg_type t ON t.typrelid = tree.oid \
         JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped \
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f', 'v', 'c') \
         UNION SELECT DISTINCT format('the domain `%s` has whole rows of it', format_type(d.oid, NULL)) \
         FROM tree JOIN pg_type t ON t.typrelid = tree.oid \
         JOIN pg_type d ON d.typbasetype IN (t.oid, t.typarray) ORDER BY 1"
    );
    for row in rows(connection, &whole_rows, [name.into()]).await? {
        reasons.push(row.try_get("", "words")?);
    }
    Ok(reasons)
}

async fn of_mariadb<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
    column: &Identifier,
) -> Result<Vec<String>, DbErr> {
    // `$1` is null where the table is in the database of the connection.
    let sql = "SELECT concat('it is a ', lower(table_type)) AS words \
        FROM information_schema.tables WHERE table_schema = coalesce($1, database()) \
        AND table_name = $2 AND table_type NOT IN ('BASE TABLE', 'SYSTEM VERSIONED') \
        UNION ALL SELECT DISTINCT concat('MariaDB renames no column at once beside the unique index `', \
        index_name, '` of a text without a length') \
        FROM information_schema.statistics WHERE table_schema = coalesce($1, database()) \
        AND table_name = $2 AND non_unique = 0 AND index_type = 'HASH' \
        UNION ALL SELECT concat('the privilege ', privilege_type, ' on it of ', grantee, \
        ' would stay with the name, and not with the column') \
        FROM information_schema.column_privileges WHERE table_schema = coalesce($1, database()) \
        AND table_name = $2 AND lower(column_name) = lower($3) \
        UNION ALL SELECT concat('the default of the column `', column_name, \
        '` uses a sequence, and MariaDB renames no column while it has such a table locked') \
        FROM information_schema.columns WHERE table_schema = coalesce($1, database()) \
        AND table_name = $2 AND lower(column_default) LIKE '%nextval(%'";
    let schema = table.schema.as_ref().map(|schema| schema.as_str().to_owned());
    let values = [schema.into(), table.name.as_str().into(), column.as_str().into()];
    let found = rows(connection, sql, values).await?;
    let mut reasons: Vec<String> =
        found.iter().map(|row| row.try_get("", "words")).collect::<Result<_, _>>()?;
    if reasons.is_empty() && mariadb::has_period(connection, table).await? {
        reasons.push("MariaDB renames no column at once in a table with a PERIOD".to_owned());
    }
    Ok(reasons)
}

/// Reads the objects that know the column by its name, besides those of [`uses`](super::uses), each with
/// the problem in words: publications and subscriptions (PostgreSQL), and views (MariaDB).
///
/// # Errors
/// The database reports an error.
pub async fn objects<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    column: &Identifier,
) -> Result<Vec<(Object, String)>, DbErr> {
    match dialect {
        Dialect::Sqlite => Ok(Vec::new()),
        Dialect::Postgres => {
            let mut found = replication(connection, dialect, table, Effect::Renames).await?;
            found.extend(functions_of_rows(connection, table).await?);
            Ok(found)
        }
        Dialect::MariaDb => {
            let views = mariadb::views_of(connection, table, column.as_str()).await?;
            let words = |view: &Object| format!("{view} names the column `{table}.{column}`");
            Ok(views.into_iter().map(|view| (view.clone(), words(&view))).collect())
        }
    }
}

/// Reads the functions that take or return rows of the table: whoever calls one reads the column by its
/// name.
async fn functions_of_rows<C: ConnectionTrait>(
    connection: &C,
    table: &TableName,
) -> Result<Vec<(Object, String)>, DbErr> {
    let sql = format!(
        "{TREE} SELECT DISTINCT n.nspname AS of_schema, p.proname AS name, p.prokind = 'p' AS is_procedure, \
         (SELECT coalesce(string_agg(format_type(u.type, NULL), ', ' ORDER BY u.n), '') \
         FROM unnest(p.proargtypes) WITH ORDINALITY AS u(type, n)) AS arguments FROM tree \
         JOIN pg_type t ON t.typrelid = tree.oid JOIN pg_proc p ON p.prorettype IN (t.oid, t.typarray) \
         OR coalesce(p.proallargtypes, p.proargtypes::oid[]) && ARRAY[t.oid, t.typarray] \
         JOIN pg_namespace n ON n.oid = p.pronamespace ORDER BY 1, 2, 4"
    );
    let name = Dialect::Postgres.quote_table(table);
    let mut found = Vec::new();
    for row in rows(connection, &sql, [name.into()]).await? {
        let (schema, name): (String, String) =
            (row.try_get("", "of_schema")?, row.try_get("", "name")?);
        let is_procedure: bool = row.try_get("", "is_procedure")?;
        let kind = if is_procedure { Kind::Procedure } else { Kind::Function };
        let arguments: String = row.try_get("", "arguments")?;
        let object =
            Object { arguments: Some(arguments), ..Object::new(kind, Some(&schema), &name) };
        let words = format!("{object} passes rows of `{table}` on, whose column gets another name");
        found.push((object, words));
    }
    Ok(found)
}

/// Reads the reasons, in words, for which a descendant's column cannot be renamed with the table's.
///
/// # Errors
/// The database reports an error.
pub async fn of_descendants<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    target: &Identifier,
) -> Result<Vec<String>, DbErr> {
    if dialect != Dialect::Postgres {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{TREE} SELECT format('the foreign table `%s`, which belongs to it, has its columns by name on \
         another server', c.oid::regclass) AS words FROM tree JOIN pg_class c ON c.oid = tree.oid \
         WHERE c.relkind = 'f' \
         UNION ALL SELECT format('`%s`, which inherits from it, already has a column `%s`', \
         c.oid::regclass, a.attname) FROM tree JOIN pg_class c ON c.oid = tree.oid \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped \
         WHERE c.oid <> to_regclass($1)"
    );
    let name = Dialect::Postgres.quote_table(table);
    let found = rows(connection, &sql, [name.into(), target.as_str().into()]).await?;
    found.iter().map(|row| row.try_get("", "words")).collect()
}
