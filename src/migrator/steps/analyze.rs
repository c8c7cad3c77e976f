//! Collects what PostgreSQL's planner knows of the values of a column.

use super::super::context::{Context, Lock};
use super::super::event::Event;
use super::super::stage_error::StageError;
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Collects the statistics of a column that has just got its values or its type, so that statements which
/// begin to read it are planned well. PostgreSQL would do so by itself, but up to minutes later, or never
/// if no row was written. The other databases collect theirs when an index is built.
///
/// Nothing is lost without them, so a failure is only a warning.
///
/// # Errors
/// The table cannot be read.
pub(in crate::migrator) async fn analyze(
    context: &Context<'_>,
    column: &Identifier,
) -> Result<(), StageError> {
    let dialect = context.dialect();
    if dialect != Dialect::Postgres {
        return Ok(());
    }
    context.step(format!("collect the statistics of `{column}`")).await;
    let table = context.table().await?;
    let name = column.as_str();
    // Those of expressions, and those over several columns, are collected for the whole table only.
    let expressions = table.indexes_of(dialect, name)?.into_iter().any(|index| !index.plain);
    let target = if expressions || !table.statistics_of(name)?.is_empty() {
        dialect.quote_table(&context.columns().table)
    } else {
        format!("{} ({})", dialect.quote_table(&context.columns().table), dialect.quote(column))
    };
    let collected = context
        .transaction(Lock::Rows, async |transaction| {
            // PostgreSQL ends an autovacuum that holds the table up after `deadlock_timeout`. Nobody but
            // another ANALYZE or schema change waits meanwhile.
            execute(transaction, "SET LOCAL lock_timeout = '3s'", []).await?;
            execute(transaction, &format!("ANALYZE {target}"), []).await?;
            Ok(())
        })
        .await;
    if let Err(error) = collected {
        let what = format!(
            "the statistics of `{column}` were not collected ({error}); run `ANALYZE {target}` soon"
        );
        context.observer.event(Event::Warning { what });
    }
    Ok(())
}
