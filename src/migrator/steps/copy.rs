use std::cell::Cell;
use std::time::Instant;

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::super::event::Event;
use super::super::stage::{Context, Lock};
use super::super::stage_error::StageError;
use super::compare::distinct;
use super::triggers::{may_silence, silence, without_triggers};
use super::walk::{Cursor, Walk};
use crate::database::Dialect;
use crate::database::catalog::{self, Column, Table};
use crate::database::tables::{self, BackfillRow, ChangeRow};
use crate::model::{Identifier, Side};

/// Copies one column into the other, wherever they differ, in batches along the table's key.
///
/// Each batch is one atomic `SET a = b`, in a transaction that checks that the change is still in
/// the state and epoch that it was seen in (protocol, gates 4 to 6), and notes how far it came, so
/// that an interrupted copy goes on where it was. Without a key on MariaDB it takes so many of the
/// rows that differ, again and again: each time it reads the table from the beginning.
pub(in crate::migrator) async fn copy(
    context: &Context<'_>,
    seen: &ChangeRow,
    column: &Column,
    into: Side,
) -> Result<(), StageError> {
    let table = context.table().await?;
    let (change, rename) = (&context.change.name, context.rename());
    let walk = Walk::new(context.dialect(), &rename.table, &table)?;
    let connection = context.database.connection();
    let mut progress = tables::backfill(connection, change).await?.unwrap_or_default();
    if progress.rows_estimated == 0 {
        let table = &rename.table;
        progress.rows_estimated =
            catalog::estimate_rows(connection, context.dialect(), table).await?;
    }
    let stored = progress.cursor.as_deref().map(serde_json::from_str).transpose()?;
    let mut cursor: Cursor = match stored {
        Some(cursor) => cursor,
        None => match walk.start(connection).await? {
            Some(cursor) => cursor,
            None => return Ok(()),
        },
    };
    context
        .step(match into {
            Side::To => format!("copy `{}` into `{}`", rename.from, rename.to),
            Side::From => format!("copy `{}` into `{}`", rename.to, rename.from),
        })
        .await;
    let set = assignment(context, column, into, &table);
    let silent = may_silence(connection, context.dialect()).await?;
    let most = context.settings.backfill.batch_size;
    // Half of it where the rows were not to be had, and twice as many again where they were.
    let size = Cell::new(most);
    let started = Instant::now();
    loop {
        let batch = context
            .transaction(Lock::Rows, async |transaction| {
                unlogged_wait(transaction, context.dialect(), silent).await?;
                check(transaction, context, seen).await?;
                let rows = size.replace((size.get() / 2).max(1));
                let mut batch = walk.next(transaction, &cursor, rows).await?;
                let limit = batch.limit.map(|rows| format!(" LIMIT {rows}")).unwrap_or_default();
                let sql = format!("{set} AND {}{limit}", batch.condition);
                let copied = Cell::new(0);
                let name = &context.rename().table;
                without_triggers(transaction, context.dialect(), name, async |transaction| {
                    // Its text is another one each time: preparing it would only be one trip more.
                    copied.set(transaction.execute_unprepared(&sql).await?.rows_affected());
                    Ok(())
                })
                .await?;
                let copied = copied.get();
                if batch.limit.is_some_and(|rows| copied < u64::from(rows)) {
                    batch.next = None;
                }
                let now = BackfillRow {
                    cursor: batch.next.as_ref().map(serde_json::to_string).transpose()?,
                    rows_copied: progress
                        .rows_copied
                        .saturating_add(i64::try_from(copied).unwrap_or(i64::MAX)),
                    rows_estimated: progress.rows_estimated,
                };
                tables::save_backfill(transaction, context.dialect(), change, &now).await?;
                size.set(rows.saturating_mul(2).min(most));
                Ok((batch.next, now))
            })
            .await?;
        super::crash_point("copy", "batch");
        progress = batch.1;
        let Some(next) = batch.0 else { break };
        cursor = next;
        context.observer.event(Event::Copied {
            change: change.clone(),
            rows: cursor.batches.saturating_mul(u64::from(most)),
            estimated: u64::try_from(progress.rows_estimated).unwrap_or(0),
        });
        tokio::time::sleep(context.settings.backfill.pause).await;
    }
    tracing::info!(%change, rows = progress.rows_copied, took = ?started.elapsed(), "copied");
    super::crash_point("copy", "done");
    Ok(())
}

/// `UPDATE t SET a = b WHERE a and b differ`, to be narrowed to a batch. A column that an UPDATE would
/// set by itself keeps its value.
fn assignment(context: &Context<'_>, column: &Column, into: Side, of: &Table) -> String {
    let (dialect, rename) = (context.dialect(), context.rename());
    let (from, to) = (dialect.quote(&rename.from), dialect.quote(&rename.to));
    let (target, source) = if into == Side::To { (to, from) } else { (from, to) };
    let differs = distinct(dialect, column, &target, &source);
    let table = dialect.quote_table(&rename.table);
    let kept = of.columns.iter().filter(|column| column.on_update);
    let kept = kept.filter_map(|column| Identifier::new(column.name.as_str()).ok());
    let kept = kept.map(|name| dialect.quote(&name)).map(|name| format!(", {name} = {name}"));
    let kept = kept.collect::<String>();
    format!("UPDATE {table} SET {target} = {source}{kept} WHERE {differs}")
}

/// A batch may be lost in a crash of the server, together with the note of it: it is copied again.
/// So its commit does not wait for the disk. And no plan may scan the whole table for a batch,
/// however old the statistics are.
///
/// On MariaDB it waits for no row: it locks every row that it looks at, the app's transactions lock
/// theirs in another order, and of two that wait for each other the smaller one is ended.
async fn unlogged_wait(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    silent: bool,
) -> Result<(), StageError> {
    if dialect == Dialect::Postgres && silent {
        silence(transaction).await?;
    }
    if dialect == Dialect::Postgres {
        transaction
            .execute_unprepared(
                "SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off",
            )
            .await?;
    }
    if dialect == Dialect::Mysql {
        transaction.execute_unprepared("SET SESSION innodb_lock_wait_timeout = 0").await?;
    }
    Ok(())
}

async fn check(
    transaction: &DatabaseTransaction,
    context: &Context<'_>,
    seen: &ChangeRow,
) -> Result<(), StageError> {
    let now = tables::change(transaction, context.dialect(), &seen.name).await?;
    if now.is_none_or(|now| (now.state, now.epoch) != (seen.state, seen.epoch)) {
        return Err(StageError::Fenced(tables::Fenced {
            name: seen.name.clone(),
            expected: seen.state,
            epoch: seen.epoch,
        }));
    }
    Ok(())
}
