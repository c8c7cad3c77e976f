use super::super::context::Context;
use super::super::stage_error::StageError;
use super::objections::triggers;
use super::survey::{begins, survey};
use super::{backfill, contract, contract_undo, expand};
use crate::database::catalog::Table;
use crate::database::{Dialect, tables};
use crate::model::{Release, Stage, State};

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
        Stage::Contract => contract_undo::undo(context).await,
    }
}

/// What the stage would refuse on its first look at the table; else what there is to know of it.
/// Changes nothing.
pub(in crate::migrator) async fn inspect(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    look(context).await?;
    triggers(context).await
}

async fn look(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.rename());
    let connection = context.database.connection();
    let known =
        if tables::exist(connection, dialect).await? { context.recorded().await? } else { None };
    let state = known.map_or(State::Pending, |row| row.state);
    if state == State::Contracted {
        return Ok(());
    }
    // A run that was cut short may have dropped it, where that commits by itself.
    let is_there = |table: &Table| table.column(dialect, rename.from.as_str()).is_some();
    if state == State::WriteTo && !is_there(&context.table().await?) {
        return Ok(());
    }
    let table = survey(context, &rename.from, &rename.to).await?;
    if state != State::Pending
        || table.column(dialect, rename.to.as_str()).is_some()
            && known_to_be_cut_short(context).await?
    {
        return Ok(());
    }
    begins(&table, dialect, context.declared.rename())?;
    if dialect != Dialect::Sqlite {
        return Ok(());
    }
    match expand::try_out(context, &table).await {
        // Whoever writes just now says nothing of the schema.
        Err(error) if error.is_missed_lock() || is_read_only(&error) => Ok(()),
        tried => tried,
    }
}

/// Whether the database could not be tried because it may only be read.
fn is_read_only(error: &StageError) -> bool {
    let StageError::Unfit { obstacles, .. } = error else { return false };
    obstacles.iter().any(|obstacle| obstacle.what.contains("attempt to write a readonly database"))
}

/// Whether a run has noted the change that was cut short before it published it (MariaDB).
async fn known_to_be_cut_short(context: &Context<'_>) -> Result<bool, StageError> {
    let connection = context.database.connection();
    if context.dialect().rolls_back_ddl() || !tables::exist(connection, context.dialect()).await? {
        return Ok(false);
    }
    let note = tables::definition(connection, &context.change.name).await?;
    Ok(note.is_some_and(|note| note != "{}"))
}
