//! `dual_write` to `read_to`: every row is converted, and proven to convert back; then reads switch.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::conversion;
use super::expand::{column_of, describe, second_default};
use super::objects::{carry, prove};
use super::survey::survey;
use super::twins::Twins;
use crate::database::catalog::{Column, Index, Table};
use crate::database::{Dialect, tables};
use crate::fleet;
use crate::model::{ChangeRecord, Side, Stage, State};

/// How often the rows are converted again if the proof finds one that differs. Under the guard nobody can
/// write such a row, so a second pass is for rows from just before it.
const PASSES: usize = 3;

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let seen = context.seen().await?;
    match seen.state {
        State::DualWrite => {}
        State::ReadTo | State::WriteTo | State::Announced | State::Contracted => return Ok(()),
        State::Pending | State::Ignored | State::Purged => {
            return Err(context.wrong_state(seen.state));
        }
    }
    let twins = Twins::recorded(context).await?;
    let table = look_again(context).await?;
    if !context.offline {
        fleet::settle(context.database).await?;
    }
    context.step("put the guard on").await;
    context
        // PostgreSQL drops a trigger under the lock that keeps out everyone. Asked for behind a weaker one,
        // it meets transactions that have read the table and now want to write: a deadlock.
        .fenced(Lock::Everyone, &seen, async |transaction| {
            let watched = twins.watched(Side::From, None);
            steps::put_guard_on(transaction, dialect, change, &watched, Side::From).await?;
            // It looks at both columns, and every write sets both.
            steps::drop_guard(transaction, dialect, change, Side::To).await
        })
        .await?;
    fill(context, &seen, &table, &twins).await?;
    if let Err(error) = carry(context, (&columns.from, &columns.to)).await {
        return Err(explained(context, &table, &twins, Side::From, error).await);
    }
    steps::analyze(context, &columns.to).await?;
    context.step("switch reads").await;
    context
        .enter(Lock::Rows, &seen, State::ReadTo, async |transaction| {
            if dialect == Dialect::Sqlite {
                // Cheap enough to prove again while nobody else can write.
                compare_within(context, transaction, &twins).await?;
            }
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&columns.from, &columns.to))?;
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    Ok(())
}

/// Looks at the table again: what cannot be carried over is refused, and so is another type or default
/// than the column had before. Notes the column as it is now.
pub(super) async fn look_again(context: &Context<'_>) -> Result<Table, StageError> {
    let table = survey(context).await?;
    let column = column_of(context, &table, Side::From)?;
    let before = context.definition().await?;
    // On MariaDB an interrupted contract may have relaxed it already: the note says what it was.
    let is_relaxed = context.dialect() == Dialect::MariaDb
        && context.stage == Stage::Contract
        && (column.not_null, &column.default) == (false, &None);
    if is_relaxed && before.column.sql_type == column.sql_type {
        return Ok(table);
    }
    let facts = |column: &Column| (column.sql_type.clone(), column.default.clone());
    if facts(&before.column) != facts(column) {
        let default = column.default.as_deref().unwrap_or("none");
        return Err(StageError::Lacks {
            table: context.declared.columns().table.clone(),
            source_column: context.columns().from.clone(),
            target: context.columns().to.clone(),
            lacks: vec![format!("the type {} with the default {default}", column.sql_type)],
        });
    }
    let mut definition = describe(context, &table, column)?;
    if !context.dialect().rolls_back_ddl() && context.stage == Stage::Contract {
        // An interrupted contract may have dropped some of them already: those of the second column are to
        // get their names.
        let (from, to) = (context.columns().from.as_str(), context.columns().to.as_str());
        let is_gone = |noted: &&Index| {
            let like = |own: &Index| noted.is_like(context.dialect(), from, own, to);
            !definition.indexes.iter().any(|own| own.name == noted.name)
                && table.indexes.iter().any(like)
        };
        let gone: Vec<Index> = before.indexes.iter().filter(is_gone).cloned().collect();
        definition.indexes.extend(gone);
    }
    definition.allowed = [before.allowed, context.allowed.to_vec()].concat();
    let note = serde_json::to_string(&definition)?;
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::renew_definition(transaction, &context.change.name, &note).await?)
        })
        .await?;
    Ok(table)
}

/// Converts until no row differs.
async fn fill(
    context: &Context<'_>,
    seen: &ChangeRecord,
    table: &Table,
    twins: &Twins,
) -> Result<(), StageError> {
    let (change, columns) = (&context.change, context.columns());
    for pass in 1..=PASSES {
        let converted = steps::convert(context, seen, &twins.assigned(Side::To), Side::To).await;
        if let Err(error) = converted {
            return Err(explained(context, table, twins, Side::From, error).await);
        }
        context.step(format!("compare `{}` with `{}`", columns.from, columns.to)).await;
        let compared = compare(context, twins).await;
        match compared {
            Ok(()) => return Ok(()),
            Err(StageError::Differ { .. }) if pass < PASSES => {}
            Err(error) => return Err(explained(context, table, twins, Side::From, error).await),
        }
        context
            .transaction(Lock::Rows, async |transaction| {
                Ok(tables::rewind_backfill(transaction, &change.name).await?)
            })
            .await?;
    }
    Ok(())
}

/// The values that do not convert, if they are the cause of an error; otherwise the error.
pub(super) async fn explained(
    context: &Context<'_>,
    table: &Table,
    twins: &Twins,
    side: Side,
    error: StageError,
) -> StageError {
    let cause = match &error {
        StageError::Database(told) => !StageError::is_lock(told),
        StageError::Differ { .. } => true,
        _ => false,
    };
    if !cause {
        return error;
    }
    let columns = &twins.columns;
    let column = if side == Side::From { &columns.from } else { &columns.to };
    match conversion::refuse_lost(context, table, twins, (side, column)).await {
        Err(found @ (StageError::Unconvertible { .. } | StageError::Unfit { .. })) => found,
        Ok(()) | Err(_) => error,
    }
}

/// Proves that in every row each column is what the other one says; fails if one is not.
pub(super) async fn compare(context: &Context<'_>, twins: &Twins) -> Result<(), StageError> {
    context.reading(async |transaction| compare_within(context, transaction, twins).await).await
}

pub(super) async fn compare_within(
    context: &Context<'_>,
    transaction: &sea_orm::DatabaseTransaction,
    twins: &Twins,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), &twins.columns);
    if steps::any_row(transaction, dialect, &columns.table, &twins.differ("")).await? {
        return Err(StageError::Differ {
            table: columns.table.clone(),
            from: columns.from.clone(),
            to: columns.to.clone(),
        });
    }
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let mut seen = context.seen().await?;
    let twins = Twins::recorded(context).await?;
    let table = context.table().await?;
    let column = column_of(context, &table, Side::From)?.clone();
    let default = second_default(context, &twins, &column).await?;
    if seen.state == State::ReadTo {
        prove(context, &table, (&columns.to, &columns.from))?;
        context
            .fenced(Lock::Writers, &seen, async |transaction| {
                let watched = twins.watched(Side::To, default.as_deref());
                steps::put_guard_on(transaction, dialect, change, &watched, Side::To).await
            })
            .await?;
        context.step(format!("compare `{}` with `{}`", columns.from, columns.to)).await;
        compare(context, &twins).await?;
        context.step("switch reads back").await;
        seen = context
            .enter(Lock::Rows, &seen, State::DualWrite, async |transaction| {
                if dialect == Dialect::Sqlite {
                    compare_within(context, transaction, &twins).await?;
                }
                let table = context.table_within(transaction).await?;
                prove(context, &table, (&columns.to, &columns.from))
            })
            .await?;
    }
    if seen.state != State::DualWrite {
        return Err(context.wrong_state(seen.state));
    }
    context.step(format!("relax `{}`", columns.to)).await;
    context
        .fenced(Lock::Everyone, &seen, async |transaction| {
            let table = context.table_within(transaction).await?;
            let (name, to) = (&columns.table, columns.to.as_str());
            let watched = twins.watched(Side::To, default.as_deref());
            steps::put_guard_on(transaction, dialect, change, &watched, Side::To).await?;
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_indexes_of(transaction, dialect, name, &table, to).await?;
            if dialect == Dialect::Postgres {
                steps::drop_not_null(transaction, dialect, name, &columns.to).await?;
            }
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    if dialect == Dialect::MariaDb {
        let second = twins.second(&column, default.clone());
        steps::relax(context, &columns.to, &second, default.as_deref()).await?;
    }
    Ok(())
}
