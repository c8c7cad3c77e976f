//! `announced` to `contracted`: the column is renamed, in one transaction with its new state. On
//! MariaDB it is renamed first; meanwhile processes accept both names.

use sea_orm::DatabaseTransaction;

use super::super::allowed::Note;
use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::survey::survey;
use crate::database::{catalog, tables};
use crate::model::{ChangeRecord, Identifier, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let (rename, seen) = (context.columns(), context.seen().await?);
    match seen.state {
        State::Contracted => return Ok(()),
        State::Announced => {}
        other => return Err(context.wrong_state(other)),
    }
    survey(context, &rename.from, &rename.to).await?;
    context.step(format!("rename `{}` to `{}`", rename.from, rename.to)).await;
    context
        .enter(Lock::Everyone, &seen, State::Contracted, async |transaction| {
            change_name(context, transaction, (&rename.from, &rename.to)).await
        })
        .await?;
    Ok(())
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    if seen.state == State::Contracted {
        survey(context, &context.columns().to, &context.columns().from).await?;
        context.step(format!("announce the name `{}`", context.columns().from)).await;
        seen = context.enter(Lock::Rows, &seen, State::Announced, async |_| Ok(())).await?;
    }
    match seen.state {
        State::Announced => {
            rename_back(context, &seen).await?;
            // Processes have seen the column under its other name, and would go on trying that first.
            context.announce_again(&seen).await?;
            Ok(())
        }
        State::Pending => Ok(()),
        other => Err(context.wrong_state(other)),
    }
}

/// Gives the column its first name, unless it has it.
pub(super) async fn rename_back(
    context: &Context<'_>,
    seen: &ChangeRecord,
) -> Result<(), StageError> {
    let rename = context.columns();
    if has_column(context, &rename.from).await? {
        return Ok(());
    }
    context.step(format!("rename `{}` to `{}`", rename.to, rename.from)).await;
    let first = first_name(context).await?;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            change_name(context, transaction, (&rename.to, &first)).await
        })
        .await
}

/// The column's name as the catalog had it: the file may write it in other case.
async fn first_name(context: &Context<'_>) -> Result<Identifier, StageError> {
    let from = &context.columns().from;
    let note = tables::definition(context.database.connection(), &context.change.name).await?;
    let noted = note.and_then(|note| serde_json::from_str::<Note>(&note).ok()?.name);
    let same = |name: &String| context.dialect().same_column(name, from.as_str());
    let name = noted.filter(same).and_then(|name| Identifier::new(name).ok());
    Ok(name.unwrap_or_else(|| from.clone()))
}

async fn has_column(context: &Context<'_>, name: &Identifier) -> Result<bool, StageError> {
    context
        .reading(async |transaction| Ok(names(context, transaction).await?.has(context, name)))
        .await
}

/// Renames the column, unless an interrupted run has done so: on MariaDB that commits by itself.
async fn change_name(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (before, after): (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let columns = names(context, transaction).await?;
    if columns.has(context, after) && !columns.has(context, before) {
        return Ok(());
    }
    let (dialect, table) = (context.dialect(), &context.columns().table);
    steps::rename_column(transaction, dialect, table, before, after).await
}

/// The names of the table's columns.
struct Names(Vec<String>);

impl Names {
    fn has(&self, context: &Context<'_>, name: &Identifier) -> bool {
        self.0.iter().any(|own| context.dialect().same_column(own, name.as_str()))
    }
}

async fn names(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
) -> Result<Names, StageError> {
    let found = catalog::columns(transaction, context.dialect(), &context.columns().table).await?;
    let (_, columns) = found
        .ok_or_else(|| StageError::NoTable { table: context.declared.columns().table.clone() })?;
    Ok(Names(columns))
}
