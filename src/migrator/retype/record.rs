//! The record of a change of type.

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use crate::database::catalog::Definition;
use crate::database::tables;
use crate::model::{ChangeRecord, Conversion, Release, State};

/// The format of handover's tables that has changes of a type.
pub(super) const FORMAT: i64 = 3;

/// Notes the change with its conversion; without a definition, that it has not begun.
pub(super) async fn note(
    context: &Context<'_>,
    release: &Release,
    conversion: &Conversion,
    definition: Option<&Definition>,
) -> Result<(), StageError> {
    let note = match definition {
        Some(definition) => serde_json::to_string(definition)?,
        None => "{}".to_owned(),
    };
    let change = ChangeRecord {
        name: context.change.name.clone(),
        app: context.app().cloned(),
        kind: context.declared.kind.clone(),
        expand_release: release.clone(),
        state: State::Pending,
        epoch: 0,
        computed_default: None,
        conversion: Some(conversion.clone()),
    };
    let dialect = context.dialect();
    tables::add_specification(context.database.connection(), dialect).await?;
    context
        .transaction(Lock::Rows, async |transaction| {
            tables::raise_format(transaction, FORMAT).await?;
            Ok(tables::insert_change(transaction, dialect, &change, &note).await?)
        })
        .await
}

/// Returns true if an interrupted run has noted the change. An undone change has no note.
pub(super) async fn is_noted(context: &Context<'_>) -> Result<bool, StageError> {
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    Ok(note.is_some_and(|note| note != "{}"))
}
