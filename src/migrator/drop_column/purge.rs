//! `contracted` to `purged`: the column that was put aside is dropped, with its values.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::survey::survey;
use crate::database::{Dialect, catalog};
use crate::model::{ColumnPair, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, seen) = (context.dialect(), context.seen().await?);
    let ColumnPair { table, to, .. } = context.columns();
    match seen.state {
        State::Purged => return Ok(()),
        State::Contracted => {}
        other => return Err(context.wrong_state(other)),
    }
    let is_there = survey(context).await?.is_some();
    context.step(format!("drop `{to}`")).await;
    if dialect == Dialect::MariaDb {
        if is_there {
            // MariaDB takes the quickest way that lets the app go on.
            let (table, column) = (dialect.quote_table(table), dialect.quote(to));
            let sql = format!("ALTER TABLE {table} DROP COLUMN IF EXISTS {column}, LOCK=NONE");
            context.alter_online(&sql).await?;
            steps::crash_point("drop_column", to.as_str());
        }
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
    let ColumnPair { table, to, .. } = context.columns();
    let found = context
        .reading(async |transaction| {
            Ok(catalog::columns(transaction, context.dialect(), table).await?)
        })
        .await?;
    let columns = found.map(|(_, columns)| columns).unwrap_or_default();
    let is_there = columns.iter().any(|own| context.dialect().same_column(own, to.as_str()));
    match seen.state {
        State::Contracted if is_there => Ok(()),
        State::Contracted => {
            let (table, column) = (context.declared.columns().table.clone(), to.clone());
            Err(StageError::NoColumn { table, column })
        }
        other => Err(context.wrong_state(other)),
    }
}
