//! The stages of each kind of change: the one place at which the migrator tells the kinds apart.
//!
//! Each future is in a box: the compiler does not lay out futures that are nested too deeply.

use super::context::Context;
use super::stage_error::StageError;
use super::{drop_column, rename, rename_in_place, retype};
use crate::model::{ChangeKind, Release};

/// Runs a stage, or the rest of it.
pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    let ran = match &context.change.kind {
        ChangeKind::Rename(_) => Box::pin(rename::run(context, release)).await,
        ChangeKind::RenameInPlace(_) => Box::pin(rename_in_place::run(context, release)).await,
        ChangeKind::Drop(_) => Box::pin(drop_column::run(context, release)).await,
        ChangeKind::Retype(own) => Box::pin(retype::run(context, own, release)).await,
    };
    super::compare_ways::with_other_way(context, ran).await
}

/// Undoes a stage, or the rest of it.
pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match &context.change.kind {
        ChangeKind::Rename(_) => Box::pin(rename::undo(context)).await,
        ChangeKind::RenameInPlace(_) => Box::pin(rename_in_place::undo(context)).await,
        ChangeKind::Drop(_) => Box::pin(drop_column::undo(context)).await,
        ChangeKind::Retype(_) => Box::pin(retype::undo(context)).await,
    }
}

/// Fails if the stage would refuse on its first look at the table; otherwise returns notes on it.
/// Changes nothing.
pub(super) async fn inspect(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let looked = match &context.change.kind {
        ChangeKind::Rename(_) => Box::pin(rename::inspect(context)).await,
        ChangeKind::RenameInPlace(_) => Box::pin(rename_in_place::inspect(context)).await,
        ChangeKind::Drop(_) => Box::pin(drop_column::inspect(context)).await,
        ChangeKind::Retype(own) => Box::pin(retype::inspect(context, own)).await,
    };
    super::compare_ways::with_other_way(context, looked).await
}
