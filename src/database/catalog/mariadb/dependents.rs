//! What depends on single columns in MariaDB: the texts of its catalog are searched for the names.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::name::{of, values};
use crate::database::catalog::column::Column;
use crate::database::catalog::index::{Index, IndexColumn};
use crate::database::catalog::table::Dependent;
use crate::database::catalog::uses::{Kind, Object, text_names_column};
use crate::database::rows;
use crate::model::TableName;

/// Reads everything that depends on single columns, except plain indexes and the columns' own
/// defaults, which are carried over. The catalog records no dependencies of views, checks and
/// triggers: their text is searched, and one that names a column of the same name elsewhere counts
/// too.
pub(super) async fn read_dependents<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
    columns: &[Column],
    indexes: &[Index],
) -> Result<Vec<Dependent>, DbErr> {
    let mut found = Vec::new();
    for index in indexes.iter().filter(|index| index.primary || !index.plain) {
        let what =
            if index.primary { "it is in the primary key".to_owned() } else { of_index(index) };
        let dependent = |part: &IndexColumn| Dependent {
            column: part.name.clone(),
            words: what.clone(),
            fixes_type: !index.primary,
        };
        found.extend(index.columns.iter().map(dependent));
    }
    let sql = format!(
        "SELECT DISTINCT referenced_column_name AS part, constraint_name AS name, \
         concat(table_schema, '.', table_name) AS of_table \
         FROM information_schema.key_column_usage \
         WHERE referenced_table_name IS NOT NULL AND {}",
        of("referenced_table_schema", "referenced_table_name")
    );
    for row in rows(connection, &sql, values(name)).await? {
        let (key, table): (String, String) =
            (row.try_get("", "name")?, row.try_get("", "of_table")?);
        let words = format!("the foreign key `{key}` of `{table}` depends on it");
        found.push(Dependent { column: row.try_get("", "part")?, words, fixes_type: true });
    }
    for (what, text) in texts(connection, name).await? {
        let names = |column: &&Column| text_names_column(&text, &column.name);
        let own = |column: &Column| what.contains(&format!("of the column `{}`", column.name));
        let depends = columns.iter().filter(names).filter(|column| !own(column));
        let dependent = |column: &Column| Dependent {
            column: column.name.clone(),
            words: format!("{what} depends on it"),
            fixes_type: what.starts_with("the generated column"),
        };
        found.extend(depends.map(dependent));
    }
    Ok(found)
}

fn of_index(index: &Index) -> String {
    format!("the index `{}` ({}) depends on it", index.name, index.method)
}

/// Reads the texts that may name a column: checks, generated columns, defaults, views. A view may
/// be in any database of the server; its text names each table with its database.
async fn texts<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
) -> Result<Vec<(String, String)>, DbErr> {
    let checks = format!(
        "SELECT concat('the check `', constraint_name, '`') AS what, check_clause AS body \
         FROM information_schema.check_constraints WHERE level = 'Table' AND {}",
        of("constraint_schema", "table_name")
    );
    let generated = format!(
        "SELECT concat('the generated column `', column_name, '`') AS what, generation_expression AS body \
         FROM information_schema.columns WHERE generation_expression <> '' AND {}",
        of("table_schema", "table_name")
    );
    let defaults = format!(
        "SELECT concat('the default of the column `', column_name, '`') AS what, \
         column_default AS body FROM information_schema.columns \
         WHERE column_default LIKE '%`%' AND {}",
        of("table_schema", "table_name")
    );
    let mut found = Vec::new();
    for sql in [checks, generated, defaults] {
        for row in rows(connection, &sql, values(name)).await? {
            let body: Option<String> = row.try_get("", "body")?;
            found.push((row.try_get("", "what")?, body.unwrap_or_default()));
        }
    }
    for View { schema, name, body } in views(connection, name).await? {
        found.push((format!("the view `{schema}.{name}`"), body));
    }
    Ok(found)
}

/// A view that names a table.
struct View {
    schema: String,
    name: String,
    body: String,
}

/// Reads the views of the whole server that name a table.
async fn views<C: ConnectionTrait>(connection: &C, name: &TableName) -> Result<Vec<View>, DbErr> {
    let sql = format!(
        "SELECT v.table_schema AS of_schema, v.table_name AS name, v.view_definition AS body \
         FROM information_schema.views v JOIN information_schema.tables t \
         ON instr(v.view_definition, concat('`', replace(t.table_schema, '`', '``'), '`.`', \
         replace(t.table_name, '`', '``'), '`')) > 0 WHERE {}",
        of("t.table_schema", "t.table_name")
    );
    let view = |row: &QueryResult| {
        let body: Option<String> = row.try_get("", "body")?;
        let (schema, name) = (row.try_get("", "of_schema")?, row.try_get("", "name")?);
        Ok(View { schema, name, body: body.unwrap_or_default() })
    };
    rows(connection, &sql, values(name)).await?.iter().map(view).collect()
}

/// Reads the views that name a column of a table, or a column of the same name of another table.
pub(in crate::database::catalog) async fn views_of<C: ConnectionTrait>(
    connection: &C,
    name: &TableName,
    column: &str,
) -> Result<Vec<Object>, DbErr> {
    let views = views(connection, name).await?;
    let named = views.into_iter().filter(|view| text_names_column(&view.body, column));
    Ok(named.map(|view| Object::new(Kind::View, Some(&view.schema), &view.name)).collect())
}
