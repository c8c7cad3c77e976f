//! Runs, undoes and inspects the stage that is asked for.

use super::super::context::Context;
use super::super::new_name::check_new_name;
use super::super::rename;
use super::super::stage_error::StageError;
use super::obstacles::given_another_type;
use super::survey::survey;
use super::{backfill, contract, contract_undo, conversion, expand};
use crate::database::Dialect;
use crate::model::{Release, Retype, Side, Stage, State};

/// Runs a stage, or the rest of it.
pub(in crate::migrator) async fn run(
    context: &Context<'_>,
    retype: &Retype,
    release: &Release,
) -> Result<(), StageError> {
    if context.stage != Stage::Expand && is_at_once(context).await? {
        context.step("nothing is left to do: the type was changed at once").await;
        return Ok(());
    }
    match context.stage {
        Stage::Expand => expand::run(context, retype, release).await,
        Stage::Backfill => backfill::run(context).await,
        Stage::Contract => contract::run(context).await,
        Stage::Purge => Err(context.wrong_state(context.seen().await?.state)),
    }
}

/// Undoes a stage, or the rest of it.
pub(in crate::migrator) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    if context.stage != Stage::Expand && is_at_once(context).await? {
        return Ok(());
    }
    match context.stage {
        Stage::Expand => expand::undo(context).await,
        Stage::Backfill => backfill::undo(context).await,
        Stage::Contract => contract_undo::undo(context).await,
        Stage::Purge => Err(context.wrong_state(context.seen().await?.state)),
    }
}

async fn is_at_once(context: &Context<'_>) -> Result<bool, StageError> {
    Ok(context.seen().await?.conversion.is_some_and(|conversion| conversion.at_once))
}

/// Fails if the stage would refuse on its first look at the table; otherwise returns notes on it.
/// Changes nothing.
pub(in crate::migrator) async fn inspect(
    context: &Context<'_>,
    retype: &Retype,
) -> Result<Vec<String>, StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let known = context.known().await?;
    let state = known.as_ref().map_or(State::Pending, |row| row.state);
    let at_once = known.and_then(|row| row.conversion).is_some_and(|own| own.at_once);
    if at_once && state != State::Pending
        || matches!(state, State::WriteTo | State::Announced | State::Contracted)
    {
        return Ok(Vec::new());
    }
    let table = survey(context).await?;
    let mut notes = Vec::new();
    if state == State::Pending {
        let column = table.column(dialect, columns.from.as_str());
        let column = column.ok_or_else(|| StageError::NoColumn {
            table: context.declared.columns().table.clone(),
            column: columns.from.clone(),
        })?;
        let twins = conversion::declared(context, retype, column)?;
        conversion::check(context, &twins).await?;
        conversion::refuse_volatile(context, &twins).await?;
        let path = format!("`{}.{}`", context.declared.columns().table, columns.from);
        let (own, other) = (twins.type_of(Side::From), twins.type_of(Side::To));
        if twins.conversion.at_once && dialect != Dialect::MariaDb {
            notes.push(format!("{path} gets the type {other} at once: no row is read or written"));
            return Ok(notes);
        }
        let taken = table.column(dialect, columns.to.as_str()).is_some();
        if !(dialect == Dialect::MariaDb && taken) {
            check_new_name(dialect, context.declared.columns(), table.column_names())?;
        }
        notes.push(format!("{path} is converted from {own} to {other} by a second column"));
    }
    notes.extend(rename::triggers(context).await.map_err(given_another_type)?);
    Ok(notes)
}
