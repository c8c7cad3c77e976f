//! Runs, undoes and inspects the stage that is asked for.

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::survey::survey;
use super::{announce, contract};
use crate::database::Dialect;
use crate::model::{Release, Stage, State};

/// Runs a stage, or the rest of it.
pub(in crate::migrator) async fn run(
    context: &Context<'_>,
    release: &Release,
) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => announce::run(context, release).await,
        Stage::Contract => contract::run(context).await,
        Stage::Backfill | Stage::Purge => Err(context.no_such_stage().await?),
    }
}

/// Undoes a stage, or the rest of it.
pub(in crate::migrator) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => announce::undo(context).await,
        Stage::Contract => contract::undo(context).await,
        Stage::Backfill | Stage::Purge => Err(context.no_such_stage().await?),
    }
}

/// Fails if the stage would refuse on its first look at the table; otherwise returns notes on it.
/// Changes nothing.
pub(in crate::migrator) async fn inspect(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let state = context.known_state().await?;
    if state != State::Contracted {
        survey(context, &context.columns().from, &context.columns().to).await?;
    }
    if state != State::Pending || context.dialect() != Dialect::Sqlite {
        return Ok(Vec::new());
    }
    match announce::try_out(context).await {
        // A session that is writing just now says nothing about the schema.
        Err(error) if error.is_missed_lock() || error.is_read_only() => Ok(Vec::new()),
        tried => tried.map(|()| Vec::new()),
    }
}
