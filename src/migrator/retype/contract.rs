//! `read_to` to `contracted`: the first column is dropped, and the second one gets its name.
//!
//! PostgreSQL and MariaDB relax the first column (`write_to`), then drop it (`announced`: the second column
//! may get its name at any moment), then rename the second one. SQLite changes the type of the first
//! column itself, so that everything on it stays.

use sea_orm::DatabaseTransaction;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::backfill::look_again;
use super::expand::column_of;
use super::objects::{carry, prove, settle_names};
use super::swap::swap;
use crate::database::Dialect;
use crate::database::catalog::{Definition, Table};
use crate::model::{ChangeRecord, Identifier, Side, State};

/// How often a step is tried again after somebody has changed the table.
const PASSES: usize = 4;

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let mut left = PASSES;
    loop {
        let entered = match (seen.state, context.dialect().relaxes()) {
            (State::Contracted, _) => return Ok(()),
            (State::ReadTo, true) => relax(context, &seen).await,
            (State::ReadTo, false) => swap(context, &seen).await,
            (State::WriteTo, _) => drop_from(context, &seen).await,
            (State::Announced, _) => take_name(context, &seen).await,
            (State::Pending | State::DualWrite | State::Ignored | State::Purged, _) => {
                return Err(context.wrong_state(seen.state));
            }
        };
        seen = match entered {
            // The table has changed since it was looked at: look at it again.
            Err(StageError::Lacks { .. }) if left > 0 => {
                left -= 1;
                seen
            }
            entered => entered?,
        };
    }
}

/// `read_to` to `write_to`: from then on, rows may be inserted without `from`, and its values can no longer
/// collide: its indexes are dropped, and those of `to` have their names.
async fn relax(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let table = look_again(context).await?;
    let column = column_of(context, &table, Side::From)?.clone();
    carry(context, (&columns.from, &columns.to)).await?;
    let noted = context.definition().await?;
    context.step(format!("relax `{}`", columns.from)).await;
    let (name, from) = (&columns.table, &columns.from);
    if dialect == Dialect::MariaDb {
        context
            .fenced(Lock::Everyone, seen, async |transaction| {
                let table = context.table_within(transaction).await?;
                prove(context, &table, (from, &columns.to))?;
                steps::drop_guard(transaction, dialect, change, Side::To).await?;
                let_go(context, transaction, &table, &noted).await
            })
            .await?;
        steps::relax(context, from, &column, None).await?;
        return context.enter(Lock::Rows, seen, State::WriteTo, async |_| Ok(())).await;
    }
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            let table = context.table_within(transaction).await?;
            prove(context, &table, (from, &columns.to))?;
            // Left over from a rollback; from now on writes set `to` alone.
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            let_go(context, transaction, &table, &noted).await?;
            steps::drop_not_null(transaction, dialect, name, from).await?;
            steps::set_default(transaction, dialect, name, from, None).await
        })
        .await
}

/// Drops the indexes of `from`, and gives those of `to` their names.
async fn let_go(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
    noted: &Definition,
) -> Result<(), StageError> {
    let (dialect, columns) = (context.dialect(), context.columns());
    let (name, from) = (&columns.table, columns.from.as_str());
    steps::drop_indexes_of(transaction, dialect, name, table, from).await?;
    settle_names(context, transaction, noted).await
}

/// `write_to` to `announced`: nobody names `from` any more.
async fn drop_from(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let (dialect, change, columns) = (context.dialect(), &context.change, context.columns());
    let noted = context.definition().await?;
    context.step(format!("drop column `{}`", columns.from)).await;
    context
        .enter(Lock::Everyone, seen, State::Announced, async |transaction| {
            let table = context.table_within(transaction).await?;
            let name = &columns.table;
            // The guard goes first: it names the column, so a write that fired it would fail.
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::drop_guard_function(transaction, dialect, change).await?;
            if table.column(dialect, columns.from.as_str()).is_some() {
                // A relaxed column is not NOT NULL any more; everything else the other one has, too.
                prove(context, &table, (&columns.from, &columns.to))?;
                let from = columns.from.as_str();
                steps::drop_indexes_of(transaction, dialect, name, &table, from).await?;
                steps::drop_column(transaction, dialect, name, &columns.from).await?;
            }
            settle_names(context, transaction, &noted).await
        })
        .await
}

/// `announced` to `contracted`: the second column gets the name of the first one.
async fn take_name(context: &Context<'_>, seen: &ChangeRecord) -> Result<ChangeRecord, StageError> {
    let columns = context.columns();
    // The file may write the name in other case.
    let noted = context.definition().await?.column.name;
    let name = Identifier::new(noted).unwrap_or_else(|_| columns.from.clone());
    context.step(format!("rename `{}` to `{name}`", columns.to)).await;
    context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            rename(context, transaction, (&columns.to, &name)).await
        })
        .await
}

/// Renames the column, unless an interrupted run has done so: on MariaDB that commits by itself.
pub(super) async fn rename(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    (before, after): (&Identifier, &Identifier),
) -> Result<(), StageError> {
    let (dialect, name) = (context.dialect(), &context.columns().table);
    let table = context.table_within(transaction).await?;
    let has = |column: &Identifier| table.column(dialect, column.as_str()).is_some();
    if has(after) && !has(before) {
        return Ok(());
    }
    steps::rename_column(transaction, dialect, name, before, after).await
}
