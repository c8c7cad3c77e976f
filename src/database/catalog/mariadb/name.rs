//! Table names in queries of MariaDB's catalog.

use crate::database::Dialect;
pub(in crate::database::catalog) use crate::database::columns::mariadb_values as values;
use crate::database::columns::of_parameters;
use crate::model::Identifier;

/// The condition for the rows of one table, with its schema and its name as `$1` and `$2`. The
/// catalog ignores case even if table names do not.
pub(in crate::database::catalog) fn of(schema: &str, table: &str) -> String {
    of_parameters(schema, table, 1)
}

/// Quotes a name as the catalog's own SQL does: in backticks.
pub(in crate::database::catalog) fn quoted(name: &str) -> String {
    Identifier::new(name).map(|name| Dialect::MariaDb.quote(&name)).unwrap_or_default()
}
