//! `pending` to `announced`: every process learns that the column may be renamed at any moment, and
//! accepts both names.

use super::super::context::{Context, Lock};
use super::super::new_name::unfit_after_rehearsal;
use super::super::stage_error::StageError;
use super::super::steps;
use super::super::wait_for_format::wait_until_understood;
use super::survey::{Found, survey};
use crate::database::{Dialect, tables};
use crate::model::{ChangeRecord, Release, State};

pub(super) async fn run(context: &Context<'_>, release: &Release) -> Result<(), StageError> {
    let rename = context.columns();
    if context.recorded().await?.is_some_and(|row| row.state != State::Pending) {
        return Ok(());
    }
    let found = survey(context, &rename.from, &rename.to).await?;
    try_out(context).await?;
    wait_until_understood(context, FORMAT).await?;
    note(context, release, &found).await?;
    let seen = context.seen().await?;
    context.step(format!("announce the name `{}`", rename.to)).await;
    context.enter(Lock::Rows, &seen, State::Announced, async |_| Ok(())).await?;
    Ok(())
}

/// Renames the column and back, in a transaction that is rolled back: the database may know an
/// obstacle that the catalog does not show. MariaDB has no such transaction.
pub(super) async fn try_out(context: &Context<'_>) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    if dialect == Dialect::MariaDb {
        return Ok(());
    }
    let (name, from, to) = (&rename.table, &rename.from, &rename.to);
    let tried = context
        .rehearsed(Lock::Everyone, async |transaction| {
            steps::rename_column(transaction, dialect, name, from, to).await?;
            steps::rename_column(transaction, dialect, name, to, from).await
        })
        .await;
    tried.map_err(|error| unfit_after_rehearsal(context.declared.columns(), from, error))
}

/// The format of handover's tables that has the state `announced`.
const FORMAT: i64 = 2;

async fn note(context: &Context<'_>, release: &Release, found: &Found) -> Result<(), StageError> {
    let change = ChangeRecord {
        name: context.change.name.clone(),
        app: context.app().cloned(),
        kind: context.declared.kind.clone(),
        expand_release: release.clone(),
        state: State::Pending,
        epoch: 0,
        computed_default: None,
        conversion: None,
    };
    let note = serde_json::json!({
        "schema": found.schema,
        "allowed": context.allowed,
        "name": found.name,
    })
    .to_string();
    context
        .transaction(Lock::Rows, async |transaction| {
            tables::raise_format(transaction, FORMAT).await?;
            Ok(tables::insert_change(transaction, context.dialect(), &change, &note).await?)
        })
        .await
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let seen = context.seen().await?;
    match seen.state {
        State::Pending => return Ok(()),
        State::Announced => {}
        other => return Err(context.wrong_state(other)),
    }
    // Nobody is told any more, so the column has to have its first name.
    super::contract::rename_back(context, &seen).await?;
    context.step(format!("take back the name `{}`", context.columns().to)).await;
    context.enter(Lock::Rows, &seen, State::Pending, async |_| Ok(())).await?;
    Ok(())
}
