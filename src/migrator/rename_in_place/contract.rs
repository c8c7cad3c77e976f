//! `announced` to `contracted`: the column is renamed, in one transaction with its new state. On
//! MariaDB it is renamed first; meanwhile processes accept both names.

use super::super::allowed_objects;
use super::super::column_names::{Names, change_name};
use super::super::context::{Context, Lock};
use super::super::recorded_name::recorded_name;
use super::super::stage_error::StageError;
use super::survey::survey;
use crate::model::{ChangeRecord, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (rename, seen) = (context.columns(), context.seen().await?);
    match seen.state {
        State::Contracted => return Ok(()),
        State::Announced => {}
        other => return Err(context.wrong_state(other)),
    }
    survey(context, &rename.from, &rename.to).await?;
    allowed_objects::record(context).await?;
    context.step(format!("rename `{}` to `{}`", rename.from, rename.to)).await;
    context
        .enter(Lock::Everyone, &seen, State::Contracted, async |transaction| {
            change_name(context, transaction, (&rename.from, &rename.to)).await
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    if seen.state == State::Contracted {
        survey(context, &context.columns().to, &context.columns().from).await?;
        context.step(format!("announce the name `{}`", context.columns().from)).await;
        seen = context.enter(Lock::Rows, &seen, State::Announced, async |_| Ok(())).await?;
    }
    match seen.state {
        State::Announced => {
            rename_back(context, &seen).await?;
            // Processes have seen the column under its other name, and would go on trying that first.
            context.announce_again(&seen).await?;
            Ok(())
        }
        State::Pending => Ok(()),
        other => Err(context.wrong_state(other)),
    }
}

/// Gives the column its first name, unless it has it.
pub(super) async fn rename_back(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<(), StageError> {
    let rename = context.columns();
    if Names::read(context).await?.has(&rename.from) {
        return Ok(());
    }
    context.step(format!("rename `{}` to `{}`", rename.to, rename.from)).await;
    let first = recorded_name(context).await?;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            change_name(context, transaction, (&rename.to, &first)).await
        })
        .await
}
