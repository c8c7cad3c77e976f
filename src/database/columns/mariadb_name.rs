//! Table names in queries of MariaDB's catalog.

use sea_orm::Value;

use crate::model::TableName;

/// The condition for the rows of one table, with its schema as parameter number `first`, and its name as
/// the next. The catalog ignores case even if table names do not.
pub(in crate::database) fn of_parameters(schema: &str, table: &str, first: usize) -> String {
    let second = first + 1;
    format!(
        "{schema} = coalesce(${first}, database()) AND {table} = ${second} \
         AND (@@lower_case_table_names <> 0 OR BINARY {table} = ${second})"
    )
}

/// The values for these two parameters.
pub(in crate::database) fn mariadb_values(name: &TableName) -> [Value; 2] {
    let schema = name.schema.as_ref().map(|schema| schema.as_str().to_owned());
    [schema.into(), name.name.as_str().into()]
}
