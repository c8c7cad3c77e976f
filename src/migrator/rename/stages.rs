//! Runs, undoes and inspects the stage that is asked for.

use std::collections::BTreeSet;

use super::super::context::Context;
use super::super::new_name::check_new_name;
use super::super::stage_error::StageError;
use super::named_obstacles::triggers;
use super::names::settled;
use super::survey::survey_for_copy;
use super::{backfill, contract, contract_undo, expand};
use crate::database::catalog::Table;
use crate::database::{Dialect, tables};
use crate::model::{Release, Stage, State};

/// Runs a stage, or the rest of it.
pub(in crate::migrator) async fn run(
    context: &Context<'_>,
    release: &Release,
) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::run(context, release).await,
        Stage::Backfill => backfill::run(context).await,
        Stage::Contract => contract::run(context).await,
        Stage::Purge => Err(context.no_such_stage().await?),
    }
}

/// Undoes a stage, or the rest of it.
pub(in crate::migrator) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    match context.stage {
        Stage::Expand => expand::undo(context).await,
        Stage::Backfill => backfill::undo(context).await,
        Stage::Contract => contract_undo::undo(context).await,
        Stage::Purge => Err(context.no_such_stage().await?),
    }
}

/// Fails if the stage would refuse on its first look at the table; otherwise returns notes on it.
/// Changes nothing.
pub(in crate::migrator) async fn inspect(context: &Context<'_>) -> Result<Vec<String>, StageError> {
    let table = look(context).await?;
    let mut notes = triggers(context).await?;
    notes.extend(table.and_then(|table| other_names(context, &table)));
    Ok(notes)
}

/// Tells which indexes and constraints have other names after the contract.
fn other_names(context: &Context<'_>, table: &Table) -> Option<String> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let (from, to) = (rename.from.as_str(), rename.to.as_str());
    // SQLite keeps the column, and every name.
    if dialect == Dialect::Sqlite || context.stage != Stage::Expand {
        return None;
    }
    let indexes = table.indexes_of(dialect, from).ok()?.into_iter().map(|index| &index.name);
    let constraints = table.constraints_of(dialect, from).ok()?.into_iter();
    let names: BTreeSet<_> =
        indexes.chain(constraints.map(|constraint| &constraint.name)).collect();
    let changed = names.into_iter().filter_map(|name| {
        let settled = settled(name, from, to);
        (settled != *name).then(|| format!("`{name}` becomes `{settled}`"))
    });
    let changed: Vec<_> = changed.collect();
    (!changed.is_empty()).then(|| {
        format!(
            "at the contract of `{}`, {}; a later migration has to use the new name",
            context.change.name,
            changed.join(" and ")
        )
    })
}

/// Returns the table, unless the change is over.
async fn look(context: &Context<'_>) -> Result<Option<Table>, StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let state = context.known_state().await?;
    if state == State::Contracted {
        return Ok(None);
    }
    // An interrupted run may have dropped it, where a drop commits by itself.
    let is_there = |table: &Table| table.column(dialect, rename.from.as_str()).is_some();
    if state == State::WriteTo && !is_there(&context.table().await?) {
        return Ok(None);
    }
    let table = survey_for_copy(context, &rename.from, &rename.to).await?;
    if state != State::Pending
        || table.column(dialect, rename.to.as_str()).is_some()
            && known_to_be_cut_short(context).await?
    {
        return Ok(Some(table));
    }
    check_new_name(dialect, context.declared.columns(), table.column_names())?;
    if dialect != Dialect::Sqlite {
        return Ok(Some(table));
    }
    match expand::try_out(context, &table).await {
        // A session that is writing just now says nothing about the schema.
        Err(error) if error.is_missed_lock() || error.is_read_only() => Ok(Some(table)),
        tried => tried.map(|()| Some(table)),
    }
}

/// Returns true if an interrupted run has noted the change without publishing it (MariaDB).
async fn known_to_be_cut_short(context: &Context<'_>) -> Result<bool, StageError> {
    let connection = context.database.connection();
    if context.dialect().rolls_back_ddl() || !tables::exist(connection, context.dialect()).await? {
        return Ok(false);
    }
    let note = tables::definition(connection, &context.change.name).await?;
    Ok(note.is_some_and(|note| note != "{}"))
}
