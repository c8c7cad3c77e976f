//! `dual_write` to `read_to`: guarded, copied, proven, then reads switch.

use super::super::stage::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::Dialect;
use crate::database::tables;
use crate::fleet;
use crate::model::{Side, State};

/// How often the copy is made anew if the proof finds a row that differs. Under the guard nobody
/// can make one, so a second pass is for rows from just before it.
const PASSES: usize = 3;

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    let seen = context.seen().await?;
    match seen.state {
        State::DualWrite => {}
        State::Pending => return Err(context.wrong_state(seen.state)),
        State::ReadTo | State::WriteTo | State::Contracted => return Ok(()),
    }
    let definition = context.definition().await?;
    let column = &definition.column;
    if !context.offline {
        fleet::settle(context.database).await?;
    }
    context.step("put the guard on").await;
    context
        .fenced(Lock::Writers, &seen, async |transaction| {
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::put_guard(transaction, dialect, change, column, Side::From).await
        })
        .await?;
    for pass in 1..=PASSES {
        steps::copy(context, &seen, column, Side::To).await?;
        context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
        let connection = context.database.connection();
        if !steps::differ(connection, dialect, rename, column).await? {
            break;
        }
        if pass == PASSES {
            steps::compare(connection, dialect, rename, column).await?;
        }
        tables::rewind_backfill(connection, &change.name).await?;
    }
    steps::build_indexes(context, &definition.twins).await?;
    if column.not_null {
        steps::set_not_null(context, &rename.to, column).await?;
    }
    context.step("switch reads").await;
    context
        .enter(Lock::Rows, &seen, State::ReadTo, async |transaction| {
            if dialect == Dialect::Sqlite {
                // Cheap enough to prove once more while nobody else can write.
                steps::compare(transaction, dialect, rename, column).await?;
            }
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    let mut seen = context.seen().await?;
    let definition = context.definition().await?;
    let column = &definition.column;
    if seen.state == State::ReadTo {
        context
            .fenced(Lock::Writers, &seen, async |transaction| {
                steps::put_guard(transaction, dialect, change, column, Side::To).await
            })
            .await?;
        context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
        steps::compare(context.database.connection(), dialect, rename, column).await?;
        context.step("switch reads back").await;
        seen = context
            .enter(Lock::Rows, &seen, State::DualWrite, async |transaction| {
                if dialect == Dialect::Sqlite {
                    steps::compare(transaction, dialect, rename, column).await?;
                }
                Ok(())
            })
            .await?;
    }
    if seen.state != State::DualWrite {
        return Err(context.wrong_state(seen.state));
    }
    context.step(format!("relax `{}`", rename.to)).await;
    context
        .fenced(Lock::Everyone, &seen, async |transaction| {
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_indexes(transaction, dialect, &rename.table, &definition.twins).await?;
            if dialect == Dialect::Postgres {
                steps::drop_not_null(transaction, dialect, &rename.table, &rename.to).await?;
            }
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    if dialect == Dialect::Mysql {
        steps::relax(context, &rename.to, column, column.default.as_deref()).await?;
    }
    Ok(())
}
