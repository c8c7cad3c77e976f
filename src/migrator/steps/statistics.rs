//! Makes and drops extended statistics (PostgreSQL).

use sea_orm::ConnectionTrait;

use super::super::stage_error::StageError;
use super::index_sql::quoted;
use crate::database::catalog::{Statistics, Table};
use crate::database::{Dialect, execute};
use crate::model::TableName;

const DIALECT: Dialect = Dialect::Postgres;

/// The statistics' own name with their schema, as SQL.
pub(in crate::migrator) fn name_of(statistics: &Statistics) -> Result<String, StageError> {
    let (schema, name) = (&statistics.schema, &statistics.name);
    Ok(format!("{}.{}", quoted(DIALECT, schema)?, quoted(DIALECT, name)?))
}

/// Makes statistics over several columns under this name (PostgreSQL).
pub(in crate::migrator) async fn create_statistics<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    statistics: &Statistics,
) -> Result<(), StageError> {
    let name = name_of(statistics)?;
    let columns = statistics.columns.iter().map(|column| quoted(DIALECT, column));
    let mut parts = columns.collect::<Result<Vec<_>, _>>()?;
    parts.extend(statistics.expressions.iter().map(|sql| format!("({sql})")));
    // Statistics of a single expression have no kinds.
    let kinds = match statistics.kinds.as_slice() {
        [] => String::new(),
        kinds => format!(" ({})", kinds.join(", ")),
    };
    let kinds = if parts.len() > 1 { kinds } else { String::new() };
    let table = DIALECT.quote_table(table);
    let sql = format!("CREATE STATISTICS {name}{kinds} ON {} FROM {table}", parts.join(", "));
    execute(transaction, &sql, []).await?;
    if statistics.target >= 0 {
        let sql = format!("ALTER STATISTICS {name} SET STATISTICS {}", statistics.target);
        execute(transaction, &sql, []).await?;
    }
    if let Some(comment) = &statistics.comment {
        let sql = format!("COMMENT ON STATISTICS {name} IS {}", DIALECT.literal(comment));
        execute(transaction, &sql, []).await?;
    }
    Ok(())
}

/// Drops all statistics that are about a column (PostgreSQL).
pub(in crate::migrator) async fn drop_statistics_of<C: ConnectionTrait>(
    transaction: &C,
    table: &Table,
    column: &str,
) -> Result<(), StageError> {
    for own in table.statistics_of(column)? {
        execute(transaction, &format!("DROP STATISTICS {}", name_of(own)?), []).await?;
    }
    Ok(())
}
