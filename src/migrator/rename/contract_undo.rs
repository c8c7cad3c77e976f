//! `contracted` back to `read_to`: `from` is added again, with its data and everything on it.

use sea_orm::DatabaseTransaction;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::align_columns::carry;
use super::backfill::compare;
use super::contract::stays;
use super::mariadb_keys::note_names;
use super::names_and_marks::move_names_and_marks;
use crate::database::catalog::{Column, Definition, Index, Table};
use crate::database::execute;
use crate::database::tables;
use crate::model::{ChangeRecord, Identifier, Side, State};

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let (table, column) = stays(context).await?;
    let noted = context.definition().await.ok();
    let relaxes = context.dialect().relaxes();
    loop {
        seen = match (seen.state, relaxes) {
            (State::Contracted, true) if !context.dialect().rolls_back_ddl() => {
                // Published first: in `contracted`, a column of that name counts as another column.
                context.enter(Lock::Rows, &seen, State::WriteTo, async |_| Ok(())).await?
            }
            (State::Contracted, true) => make_from(context, &seen, &column).await?,
            (State::Contracted, false) => swap_back(context, &seen, &table, &column).await?,
            (State::WriteTo, _) => {
                if !context.dialect().rolls_back_ddl() {
                    context.step(format!("add column `{}`", context.columns().from)).await;
                    let work = async |transaction: &DatabaseTransaction| {
                        add_from(context, transaction, &column, noted.as_ref()).await
                    };
                    context.fenced(Lock::Everyone, &seen, work).await?;
                    context
                        .transaction(Lock::Rows, async |transaction| {
                            give(context, transaction, &column).await
                        })
                        .await?;
                }
                context.step("write both again").await;
                context.enter(Lock::Rows, &seen, State::ReadTo, async |_| Ok(())).await?
            }
            (State::ReadTo, true) => return restore_from(context, &seen, &column).await,
            (State::ReadTo, false) => return Ok(()),
            (other, _) => return Err(context.wrong_state(other)),
        }
    }
}

/// `contracted` to `write_to`: `from` exists again, and nobody has to set it.
async fn make_from(
    context: &Context<'_>,
    seen: &ChangeRecord,
    column: &Column,
) -> Result<ChangeRecord, StageError> {
    let noted = context.definition().await.ok();
    context.step(format!("add column `{}`", context.columns().from)).await;
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            add_from(context, transaction, column, noted.as_ref()).await?;
            give(context, transaction, column).await
        })
        .await
}

/// Adds `from`, which nobody has to set, and puts the guard on it.
async fn add_from(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    column: &Column,
    noted: Option<&Definition>,
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let before = before(context, noted);
    steps::add_column(transaction, dialect, &rename.table, &before, column, false).await?;
    steps::put_guard(transaction, dialect, &context.change, column, Side::From).await
}

async fn give(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    column: &Column,
) -> Result<(), StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let properties = &column.properties;
    steps::give_properties(transaction, dialect, &rename.table, &rename.from, properties).await
}

/// In `read_to`, once every writer sets both again: gives `from` its data and its constraints.
async fn restore_from(
    context: &Context<'_>,
    seen: &ChangeRecord,
    column: &Column,
) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    let name = &rename.table;
    context.step("put the guard on the other side").await;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            // An interrupted run may have already moved a default that differs each time. Where schema
            // changes commit by themselves, `to` may still have it, too.
            let moved =
                column.default_repeats && has_computed_default(context, transaction).await?;
            if column.identity.is_none() && !moved {
                let default = column.default.as_deref();
                steps::set_default(transaction, dialect, name, &rename.from, default).await?;
                // Only one of two columns can have a default that differs each time: the shim sends it.
                if !column.default_repeats {
                    steps::drop_default(transaction, dialect, name, &rename.to).await?;
                }
            }
            steps::put_guard(transaction, dialect, change, column, Side::To).await
        })
        .await?;
    steps::copy(context, seen, column, Side::From).await?;
    context
        .transaction(Lock::Rows, async |transaction| {
            Ok(tables::clear_backfill(transaction, &change.name).await?)
        })
        .await?;
    carry(context, &rename.to, &rename.from, false).await?;
    let noted = note_names(context, &rename.to).await?;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            let table = context.table_within(transaction).await?;
            let columns = (&rename.to, &rename.from);
            move_names_and_marks(context, transaction, &table, columns, &noted).await?;
            match &column.identity {
                // Needs `from` to be NOT NULL, which it is by now.
                Some(own) => Ok(steps::move_identity(transaction, name, columns, own).await?),
                None => Ok(()),
            }
        })
        .await?;
    steps::analyze(context, &rename.from).await?;
    context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
    compare(context, column).await
}

/// Returns true if `from` has a default that differs each time, or numbers the rows.
async fn has_computed_default(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
) -> Result<bool, StageError> {
    let table = context.table_within(transaction).await?;
    let from = table.column(context.dialect(), context.columns().from.as_str());
    Ok(from.is_some_and(|from| !from.default_repeats))
}

/// `contracted` to `read_to` where a column cannot be relaxed: the column gets its name back and a
/// full copy beside it, in one transaction. A process that still writes `to` alone meets the guard.
async fn swap_back(
    context: &Context<'_>,
    seen: &ChangeRecord,
    table: &Table,
    column: &Column,
) -> Result<ChangeRecord, StageError> {
    let (dialect, change, rename) = (context.dialect(), &context.change, context.columns());
    context.step(format!("rename `{}` to `{}` and copy it", rename.to, rename.from)).await;
    let name = &rename.table;
    let noted = context.definition().await.ok();
    let before = before(context, noted.as_ref());
    let noted = noted.map(|noted| noted.twins).unwrap_or_default();
    let twins = twins(context, table, &noted)?;
    context
        .enter(Lock::Everyone, seen, State::ReadTo, async |transaction: &DatabaseTransaction| {
            steps::rename_column(transaction, dialect, name, &rename.to, &before).await?;
            steps::add_column(transaction, dialect, name, &rename.to, column, true).await?;
            let (quoted, from) = (dialect.quote_table(name), dialect.quote(&rename.from));
            let to = dialect.quote(&rename.to);
            steps::without_triggers(transaction, dialect, name, async |transaction| {
                execute(transaction, &format!("UPDATE {quoted} SET {to} = {from}"), []).await?;
                Ok(())
            })
            .await?;
            for index in &twins {
                steps::build_index_in(transaction, name, index).await?;
            }
            steps::put_guard(transaction, dialect, change, column, Side::From).await?;
            steps::put_guard(transaction, dialect, change, column, Side::To).await
        })
        .await
}

/// The column's name as it was before: the file may write it in other case.
fn before(context: &Context<'_>, noted: Option<&Definition>) -> Identifier {
    let from = &context.columns().from;
    let same = |name: &str| context.dialect().same_column(name, from.as_str());
    let noted = noted.map(|noted| noted.column.name.as_str()).filter(|name| same(name));
    noted.and_then(|name| Identifier::new(name).ok()).unwrap_or_else(|| from.clone())
}

/// The indexes of the column that stays, to be built on the copy: with the names that they had
/// before, or with free ones.
fn twins(context: &Context<'_>, table: &Table, noted: &[Index]) -> Result<Vec<Index>, StageError> {
    let (dialect, rename) = (context.dialect(), context.columns());
    let to = rename.to.as_str();
    let mut taken = table.names.clone();
    let mut twins: Vec<Index> = Vec::new();
    for index in table.indexes_of(dialect, to)? {
        let free =
            |twin: &&Index| index.is_like(dialect, to, twin, to) && !taken.contains(&twin.name);
        let stem =
            format!("{}_{to}_{}", rename.table.name, if index.unique { "key" } else { "idx" });
        let name = noted
            .iter()
            .find(free)
            .map_or_else(|| super::names::free(dialect, &stem, &taken), |twin| twin.name.clone());
        taken.push(name.clone());
        twins.push(Index { name, primary: false, ..index.clone() });
    }
    Ok(twins)
}
