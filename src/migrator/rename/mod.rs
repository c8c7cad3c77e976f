//! The stages of a rename by way of a copied column, and their ways back.

mod backfill;
mod contract;
mod expand;

use super::error::StageError;
use super::stage::Context;
use crate::model::{Release, Stage};

/// Runs a stage, or what is left of it.
pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::run(context, release).await,
        Stage::Backfill => backfill::run(context).await,
        Stage::Contract => contract::run(context).await,
    }
}

/// Undoes a stage, or what is left of it.
pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::undo(context).await,
        Stage::Backfill => backfill::undo(context).await,
        Stage::Contract => contract::undo(context).await,
    }
}
