//! Table names in queries of MariaDB's catalog.

use sea_orm::Value;

use crate::database::Dialect;
use crate::model::{Identifier, TableName};

/// The condition for the rows of one table, with its schema and its name as `$1` and `$2`. The
/// catalog ignores case even if table names do not.
pub(in crate::database::catalog) fn of(schema: &str, table: &str) -> String {
    of_parameters(schema, table, 1)
}

/// Does the same as [`of`], with the schema as parameter number `first`, and the name as the next.
pub(super) fn of_parameters(schema: &str, table: &str, first: usize) -> String {
    let second = first + 1;
    format!(
        "{schema} = coalesce(${first}, database()) AND {table} = ${second} \
         AND (@@lower_case_table_names <> 0 OR BINARY {table} = ${second})"
    )
}

/// The values for the parameters of [`of`].
pub(in crate::database::catalog) fn values(name: &TableName) -> [Value; 2] {
    let schema = name.schema.as_ref().map(|schema| schema.as_str().to_owned());
    [schema.into(), name.name.as_str().into()]
}

/// Quotes a name as the catalog's own SQL does: in backticks.
pub(super) fn quoted(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::MariaDb.quote(&name)).unwrap_or_default()
}
