//! `dual_write` to `read_to`: the guard is put on, rows are copied and proven, then reads switch.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::align_columns::{carry, prove};
use super::column_diff::{Columns, lacks};
use super::recorded_definition;
use super::survey::survey_for_copy;
use crate::database::Dialect;
use crate::database::catalog::{Column, Table};
use crate::database::tables;
use crate::fleet;
use crate::model::{ChangeRecord, Side, State};

/// How often the copy runs again if the proof finds a row that differs. Under the guard nobody can
/// write such a row, so a second pass is for rows from just before it.
const PASSES: usize = 3;

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    let seen = context.seen().await?;
    match seen.state {
        State::DualWrite => {}
        State::ReadTo | State::WriteTo | State::Contracted => return Ok(()),
        other => return Err(context.wrong_state(other)),
    }
    let column = &look_again(context).await?;
    if !context.offline {
        fleet::settle(context.database).await?;
    }
    context.step("put the guard on").await;
    // PostgreSQL drops a trigger, as a rollback leaves one, under the lock that keeps out everyone. Asked
    // for behind a weaker one, it meets transactions that have read the table and now want to write: a
    // deadlock.
    let left = context
        .reading(async |transaction| {
            Ok(steps::guard_is_among(
                &steps::guards(transaction, dialect).await?,
                dialect,
                change,
                Side::To,
            ))
        })
        .await?;
    let lock = if left { Lock::Everyone } else { Lock::Writers };
    context
        .fenced(lock, &seen, async |transaction| {
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::put_guard(transaction, dialect, change, column, Side::From).await
        })
        .await?;
    fill(context, &seen, column).await?;
    carry(context, &rename.from, &rename.to, false).await?;
    steps::analyze(context, &rename.to).await?;
    context.step("switch reads").await;
    context
        .enter(Lock::Rows, &seen, State::ReadTo, async |transaction| {
            if dialect == Dialect::Sqlite {
                // Cheap enough to prove again while nobody else can write.
                steps::compare(transaction, dialect, rename, column).await?;
            }
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&rename.from, &rename.to), false)?;
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    Ok(())
}

/// Looks at the table again: changes since expand are carried over or refused. Notes the column as
/// it is now.
pub(super) async fn look_again(context: &Context<'_>) -> Result<Column, StageError> {
    let rename = context.columns();
    let table = survey_for_copy(context, &rename.from, &rename.to).await?;
    let before = context.definition().await?;
    let definition = recorded_definition::describe(context, &table, &rename.from, Some(&before))?;
    refuse_other_values(context, &table, &before.column, &definition.column)?;
    recorded_definition::renew(context, &definition).await?;
    Ok(definition.column)
}

/// Refuses everything that cannot be carried over, before anything else is done. This includes a
/// default that differs each time: the shim learns of it with the change.
fn refuse_other_values(
    context: &Context<'_>,
    table: &Table,
    before: &Column,
    now: &Column,
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let at = Columns { dialect, source: rename.from.as_str(), target: rename.to.as_str() };
    let lacks = lacks(table, at, false)?;
    let mut words: Vec<String> = lacks
        .iter()
        .filter(|lack| !lack.can_be_carried(dialect))
        .map(ToString::to_string)
        .collect();
    let computed = |column: &Column| column.default.clone().filter(|_| !column.default_repeats);
    if computed(before) != computed(now) {
        let default = now.default.as_deref().unwrap_or("none");
        words.push(format!("the default `{default}`, which differs each time it is computed"));
    }
    if words.is_empty() {
        return Ok(());
    }
    Err(StageError::Lacks {
        table: context.declared.columns().table.clone(),
        source_column: rename.from.clone(),
        target: rename.to.clone(),
        lacks: words,
    })
}

/// Copies until no row differs.
async fn fill(
    context: &Context<'_>,
    seen: &ChangeRecord,
    column: &Column,
) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    for pass in 1..=PASSES {
        steps::copy(context, seen, column, Side::To).await?;
        context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
        let differ = context
            .reading(async |transaction| steps::differ(transaction, dialect, rename, column).await)
            .await?;
        if !differ {
            return Ok(());
        }
        if pass == PASSES {
            compare(context, column).await?;
        }
        context
            .transaction(Lock::Rows, async |transaction| {
                Ok(tables::rewind_backfill(transaction, &change.name).await?)
            })
            .await?;
    }
    Ok(())
}

/// Proves that no row differs; fails if one does.
pub(super) async fn compare(context: &Context<'_>, column: &Column) -> Result<(), StageError> {
    context
        .reading(async |transaction| {
            steps::compare(transaction, context.dialect(), context.columns(), column).await
        })
        .await
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    let mut seen = context.seen().await?;
    let table = survey_for_copy(context, &rename.to, &rename.from).await?;
    let column = &recorded_definition::column(context, &table, &rename.from)?.clone();
    if seen.state == State::ReadTo {
        // Everything added to `to` since goes to `from`, before anything relies on `from` again.
        carry(context, &rename.to, &rename.from, false).await?;
        context
            .fenced(Lock::Writers, &seen, async |transaction| {
                steps::put_guard(transaction, dialect, change, column, Side::To).await
            })
            .await?;
        context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
        compare(context, column).await?;
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
            let table = context.table_within(transaction).await?;
            prove(context, &table, (&rename.to, &rename.from), false)?;
            let (name, to) = (&rename.table, rename.to.as_str());
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_constraints_of(transaction, dialect, name, &table, to).await?;
            if dialect == Dialect::Postgres {
                steps::drop_statistics_of(transaction, &table, to).await?;
            }
            steps::drop_indexes_of(transaction, dialect, name, &table, to).await?;
            if dialect == Dialect::Postgres {
                steps::drop_not_null(transaction, dialect, name, &rename.to).await?;
            }
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    if dialect == Dialect::MariaDb {
        let default = column.default.as_deref().filter(|_| column.default_repeats);
        steps::relax(context, &rename.to, column, default).await?;
    }
    Ok(())
}
