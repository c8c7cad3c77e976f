//! A table's name as the catalog of MariaDB asks for it and gives it back.

use sea_orm::Value;

use crate::database::Dialect;
use crate::model::{Identifier, TableName};

/// The condition for the rows of one table: its schema and its name, `$1` and `$2`. The catalog
/// ignores case also where the names of tables do not.
pub(in crate::database::catalog) fn of(schema: &str, table: &str) -> String {
    format!(
        "{schema} = coalesce($1, database()) AND {table} = $2 \
         AND (@@lower_case_table_names <> 0 OR BINARY {table} = $2)"
    )
}

/// The values of [`of`].
pub(in crate::database::catalog) fn values(name: &TableName) -> [Value; 2] {
    let schema = name.schema.as_ref().map(|schema| schema.as_str().to_owned());
    [schema.into(), name.name.as_str().into()]
}

/// A text as it stands in the catalog's own SQL: in backticks.
pub(super) fn quoted(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::Mysql.quote(&name)).unwrap_or_default()
}
