//! `ignored` to `contracted`: the column is put aside, under another name, in one transaction with the
//! new state. On MariaDB it is renamed first; nobody names it any more.

use sea_orm::DatabaseTransaction;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::survey::survey;
use super::{named, note};
use crate::database::catalog;
use crate::model::{ColumnPair, Identifier, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (ColumnPair { from, to, .. }, seen) = (context.columns(), context.seen().await?);
    match seen.state {
        State::Contracted | State::Purged => return Ok(()),
        State::Ignored => {}
        other => return Err(context.wrong_state(other)),
    }
    survey(context).await?;
    named::check(context).await?;
    context.step(format!("put `{from}` aside as `{to}`")).await;
    context
        .enter(Lock::Everyone, &seen, State::Contracted, async |transaction| {
            change_name(context, transaction, (from, to)).await
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let ColumnPair { table, from, to } = context.columns();
    if !matches!(seen.state, State::Contracted | State::Ignored) {
        return Err(context.wrong_state(seen.state));
    }
    let columns = context.reading(async |transaction| columns(context, transaction).await).await?;
    let has = |name: &Identifier| {
        columns.iter().any(|own| context.dialect().same_column(own, name.as_str()))
    };
    if seen.state == State::Ignored && has(from) {
        return Ok(());
    }
    if has(from) {
        let (table, column) = (table.clone(), from.clone());
        return Err(StageError::ColumnExists { table, column });
    }
    context.step(format!("give `{to}` its name `{from}` back")).await;
    let first = first_name(context).await?;
    let work = async |transaction: &DatabaseTransaction| {
        change_name(context, transaction, (to, &first)).await
    };
    if context.dialect().rolls_back_ddl() {
        context.enter(Lock::Everyone, &seen, State::Ignored, work).await?;
        return Ok(());
    }
    // Published first: in `contracted`, a column of that name counts as another column.
    if seen.state == State::Contracted {
        seen = context.enter(Lock::Rows, &seen, State::Ignored, async |_| Ok(())).await?;
    }
    context.fenced(Lock::Everyone, &seen, work).await?;
    context.announce_again(&seen).await?;
    Ok(())
}

/// The column's name as the catalog had it: the file may write it in other case.
async fn first_name(context: &Context<'_>) -> Result<Identifier, StageError> {
    let from = &context.columns().from;
    let noted = note::read(context).await?.name;
    let same = |name: &String| context.dialect().same_column(name, from.as_str());
    let name = noted.filter(same).and_then(|name| Identifier::new(name).ok());
    Ok(name.unwrap_or_else(|| from.clone()))
}

/// Renames the column, unless an interrupted run has done so: on MariaDB that commits by itself.
async fn change_name(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (before, after): (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let (dialect, table) = (context.dialect(), &context.columns().table);
    let columns = columns(context, transaction).await?;
    let has = |name: &Identifier| columns.iter().any(|own| dialect.same_column(own, name.as_str()));
    if has(after) && !has(before) {
        return Ok(());
    }
    steps::rename_column(transaction, dialect, table, before, after).await
}

async fn columns(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
) -> Result<Vec<String>, StageError> {
    let table = &context.columns().table;
    let found = catalog::columns(transaction, context.dialect(), table).await?;
    let (_, columns) = found
        .ok_or_else(|| StageError::NoTable { table: context.declared.columns().table.clone() })?;
    Ok(columns)
}
