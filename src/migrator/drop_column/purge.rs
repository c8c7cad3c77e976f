//! `contracted` to `purged`: the column that was put aside is dropped, with its values.

use super::super::column_names::Names;
use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::survey::{gone, survey};
use crate::database::Dialect;
use crate::model::{ColumnPair, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, seen) = (context.dialect(), context.seen().await?);
    let ColumnPair { table, to, .. } = context.columns();
    match seen.state {
        State::Purged => return Ok(()),
        State::Contracted => {}
        other => return Err(context.wrong_state(other)),
    }
    if survey(context).await?.is_none() {
        context.step(format!("nothing is left to do: `{to}` is gone already")).await;
        context.enter(Lock::Rows, &seen, State::Purged, async |_| Ok(())).await?;
        return Ok(());
    }
    context.step(format!("drop `{to}`")).await;
    if dialect == Dialect::MariaDb {
        // MariaDB takes the quickest way that lets the app go on.
        let (table, column) = (dialect.quote_table(table), dialect.quote(to));
        let sql = format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {column}, LOCK=NONE");
        context.alter_online(&sql).await?;
        steps::crash_point("drop_column", to.as_str());
        context.enter(Lock::Rows, &seen, State::Purged, async |_| Ok(())).await?;
        return Ok(());
    }
    context
        .enter(Lock::Everyone, &seen, State::Purged, async |transaction| {
            if dialect == Dialect::Sqlite {
                let found = context.table_within(transaction).await?;
                steps::drop_indexes_of(transaction, dialect, table, &found, to.as_str()).await?;
            }
            steps::drop_column(transaction, dialect, table, to).await
        })
        .await?;
    Ok(())
}

/// Undoes a purge that was refused or cut short before it had deleted anything.
pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let seen = context.seen().await?;
    if seen.state != State::Contracted {
        return Err(context.wrong_state(seen.state));
    }
    let is_there = Names::read(context).await?.has(&context.columns().to);
    if is_there { Ok(()) } else { Err(gone(context)) }
}
