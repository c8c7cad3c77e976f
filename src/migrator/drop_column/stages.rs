//! Runs, undoes and inspects the stage that is asked for.

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::found::Found;
use super::survey::survey;
use super::{contract, expand, named, purge};
use crate::model::{ColumnPair, Release, Stage, State};

/// Runs a stage, or the rest of it.
pub(in crate::migrator) async fn run(
    context: &Context<'_>,
    release: &Release,
) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::run(context, release).await,
        Stage::Contract => contract::run(context).await,
        Stage::Purge => purge::run(context).await,
        Stage::Backfill => Err(context.no_such_stage().await?),
    }
}

/// Undoes a stage, or the rest of it. What a purge has deleted is gone: only one that has deleted nothing
/// is undone.
pub(in crate::migrator) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::undo(context).await,
        Stage::Contract => contract::undo(context).await,
        Stage::Purge => purge::undo(context).await,
        Stage::Backfill => Err(context.no_such_stage().await?),
    }
}

/// Fails if the stage would refuse on its first look at the table; otherwise returns notes on it.
/// Changes nothing.
pub(in crate::migrator) async fn inspect(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let state = context.known_state().await?;
    if state == State::Purged {
        return Ok(Vec::new());
    }
    let Some(found) = survey(context).await? else {
        let ColumnPair { table, to, .. } = context.declared.columns();
        return Ok(vec![format!("`{table}.{to}` is gone already: nothing is left to delete")]);
    };
    if state == State::Ignored && context.stage == Stage::Contract {
        named::check(context).await?;
    }
    if state != State::Pending {
        return Ok(Vec::new());
    }
    Ok(note_on_null(context, &found))
}

/// The note that code of earlier releases meets NULL in rows that the new release inserts.
fn note_on_null(context: &Context<'_>, found: &Found) -> Vec<String> {
    if context.stage != Stage::Expand || !found.needs_relaxing() {
        return Vec::new();
    }
    let (table, column) = (&context.declared.columns().table, &context.columns().from);
    vec![format!(
        "`{table}.{column}` is NOT NULL without a default: rows that are inserted without it have NULL, \
         which code of an earlier release that reads them may not expect; give it a default first, if \
         that must not be"
    )]
}
