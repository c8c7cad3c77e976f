use super::super::stage::Context;
use super::super::stage_error::StageError;
use super::{backfill, contract, expand};
use crate::model::{Release, Stage};

/// Runs a stage, or what is left of it.
pub(in crate::migrator) async fn run(
    context: &Context<'_>,
    release: &Release,
) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::run(context, release).await,
        Stage::Backfill => backfill::run(context).await,
        Stage::Contract => contract::run(context).await,
    }
}

/// Undoes a stage, or what is left of it.
pub(in crate::migrator) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::undo(context).await,
        Stage::Backfill => backfill::undo(context).await,
        Stage::Contract => contract::undo(context).await,
    }
}
