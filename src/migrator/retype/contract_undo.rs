//! `contracted` back to `read_to`: the column gives up its name, and the first one is added again, with its
//! data and everything on it.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::backfill::{compare, explained};
use super::contract::rename;
use super::conversion;
use super::expand::{column_of, second_default};
use super::objects::{carry, prove, return_names};
use super::survey::survey;
use super::swap::swap_back;
use super::twins::Twins;
use crate::database::tables;
use crate::model::{ChangeRecord, Identifier, Side, State};

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    if seen.state == State::Contracted {
        survey(context).await?;
    }
    if matches!(seen.state, State::Contracted | State::Announced) {
        refuse_lost(context).await?;
    }
    let relaxes = context.dialect().relaxes();
    loop {
        seen = match (seen.state, relaxes) {
            (State::Contracted, _) => {
                let to = &context.columns().to;
                context.step(format!("announce the name `{to}`")).await;
                context.enter(Lock::Rows, &seen, State::Announced, async |_| Ok(())).await?
            }
            (State::Announced, _) => {
                let seen = give_up_name(context, &seen).await?;
                if relaxes {
                    add_from(context, &seen).await?
                } else {
                    swap_back(context, &seen).await?
                }
            }
            (State::WriteTo, _) => {
                context.step("write both again").await;
                context.enter(Lock::Rows, &seen, State::ReadTo, async |_| Ok(())).await?
            }
            (State::ReadTo, true) => return restore_from(context, &seen).await,
            (State::ReadTo, false) => return Ok(()),
            (State::Pending | State::DualWrite | State::Ignored | State::Purged, _) => {
                return Err(context.wrong_state(seen.state));
            }
        }
    }
}

/// Fails if a value has been written since that is none of the earlier type.
async fn refuse_lost(context: &Context<'_>) -> Result<(), StageError> {
    let columns = context.columns();
    let twins = Twins::recorded(context).await?;
    let table = context.table().await?;
    let has_to = table.column(context.dialect(), columns.to.as_str()).is_some();
    let column = if has_to { &columns.to } else { &columns.from };
    context.step(format!("try the conversion of each value of `{column}`")).await;
    conversion::refuse_lost(context, &table, &twins, (Side::To, column)).await
}

/// Gives the column the name of the second one, and has every process look at the names again: the first
/// name is about to mean another column.
async fn give_up_name(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<ChangeRecord, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let table = context.table().await?;
    if table.column(dialect, columns.to.as_str()).is_none() {
        let noted = context.definition().await?.column.name;
        let name = Identifier::new(noted).unwrap_or_else(|_| columns.from.clone());
        context.step(format!("rename `{name}` to `{}`", columns.to)).await;
        context
            .fenced(Lock::Everyone, seen, async |transaction| {
                rename(context, transaction, (&name, &columns.to)).await
            })
            .await?;
    }
    context.announce_again(seen).await
}

/// `announced` to `write_to`: `from` exists again, and nobody has to set it.
async fn add_from(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let twins = Twins::recorded(context).await?;
    let column = context.definition().await?.column;
    let name = &columns.table;
    let before = Identifier::new(&column.name).unwrap_or_else(|_| columns.from.clone());
    context.step(format!("add column `{before}`")).await;
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            let table = context.table_within(transaction).await?;
            if table.column(dialect, before.as_str()).is_none() {
                steps::add_column(transaction, dialect, name, &before, &column, false).await?;
            }
            let watched = twins.watched(Side::From, None);
            steps::put_guard_on(transaction, dialect, change, &watched, Side::From).await
        })
        .await
}

/// In `read_to`, once every writer sets both again: gives `from` its data and everything on it.
async fn restore_from(context: &Context<'_>, seen: &ChangeRecord) -> Result<(), StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let twins = Twins::recorded(context).await?;
    let noted = context.definition().await?;
    let name = &columns.table;
    context.step("put the guard on the other side").await;
    let second = second_default(context, &twins, &noted.column).await?;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            let default = noted.column.default.as_deref();
            steps::set_default(transaction, dialect, name, &columns.from, default).await?;
            let watched = twins.watched(Side::To, second.as_deref());
            steps::put_guard_on(transaction, dialect, change, &watched, Side::To).await
        })
        .await?;
    let converted = steps::convert(context, seen, &twins.assigned(Side::From), Side::From).await;
    let table = context.table().await?;
    if let Err(error) = converted {
        return Err(explained(context, &table, &twins, Side::To, error).await);
    }
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    column_of(context, &table, Side::From)?;
    if let Err(error) = carry(context, (&columns.to, &columns.from)).await {
        return Err(explained(context, &table, &twins, Side::To, error).await);
    }
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            return_names(context, transaction, &noted).await
        })
        .await?;
    steps::analyze(context, &columns.from).await?;
    context.step(format!("compare `{}` with `{}`", columns.from, columns.to)).await;
    compare(context, &twins).await?;
    prove(context, &context.table().await?, (&columns.to, &columns.from))
}
