//! `ignored` to `contracted`: the column is put aside, under another name, in one transaction with the
//! new state. On MariaDB it is renamed first; nobody names it any more.

use sea_orm::DatabaseTransaction;

use super::super::allowed_objects;
use super::super::column_names::{Names, change_name};
use super::super::context::{Context, Lock};
use super::super::recorded_name::recorded_name;
use super::super::rename_in_place;
use super::super::stage_error::StageError;
use super::named;
use super::survey::{gone, survey};
use crate::model::{ColumnPair, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (ColumnPair { from, to, .. }, seen) = (context.columns(), context.seen().await?);
    match seen.state {
        State::Contracted | State::Purged => return Ok(()),
        State::Ignored => {}
        other => return Err(context.wrong_state(other)),
    }
    survey(context).await?;
    named::check(context).await?;
    allowed_objects::record(context).await?;
    context.step(format!("put `{from}` aside as `{to}`")).await;
    context
        .enter(Lock::Everyone, &seen, State::Contracted, async |transaction| {
            change_name(context, transaction, (from, to)).await
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let ColumnPair { from, to, .. } = context.columns();
    if !matches!(seen.state, State::Contracted | State::Ignored) {
        return Err(context.wrong_state(seen.state));
    }
    let names = Names::read(context).await?;
    if seen.state == State::Ignored && names.has(from) {
        return Ok(());
    }
    if !names.has(to) {
        return Err(gone(context));
    }
    if seen.state == State::Contracted {
        rename_in_place::survey(context, to, from).await?;
    }
    context.step(format!("give `{to}` its name `{from}` back")).await;
    let first = recorded_name(context).await?;
    let work = async |transaction: &DatabaseTransaction| {
        change_name(context, transaction, (to, &first)).await
    };
    if context.dialect().rolls_back_ddl() {
        context.enter(Lock::Everyone, &seen, State::Ignored, work).await?;
        return Ok(());
    }
    // Published first: in `contracted`, a column of that name counts as another column.
    if seen.state == State::Contracted {
        seen = context.enter(Lock::Rows, &seen, State::Ignored, async |_| Ok(())).await?;
    }
    context.fenced(Lock::Everyone, &seen, work).await?;
    context.announce_again(&seen).await?;
    Ok(())
}
