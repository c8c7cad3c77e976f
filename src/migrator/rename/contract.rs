//! `read_to` to `contracted`: writes leave `from` alone, then it is dropped.
//!
//! PostgreSQL and MariaDB relax `from` first (`write_to`). SQLite cannot; it drops the copy instead and
//! renames the column itself, in one transaction: so every constraint, index, trigger, view and
//! foreign key on it stays as it was.

use sea_orm::DatabaseTransaction;

use super::super::stage::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use crate::database::catalog::{Column, Definition};
use crate::database::tables::{self, ChangeRow};
use crate::database::{Dialect, execute};
use crate::model::{Change, Side, State};

pub(super) async fn run(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let definition = context.definition().await?;
    loop {
        seen = match (seen.state, context.dialect().relaxes()) {
            (State::Contracted, _) => return Ok(()),
            (State::ReadTo, true) => relax(context, &seen, &definition).await?,
            (State::ReadTo, false) => swap(context, &seen, &definition).await?,
            (State::WriteTo, _) => drop_from(context, &seen).await?,
            (State::Pending | State::DualWrite, _) => return Err(context.wrong_state(seen.state)),
        }
    }
}

/// `read_to` to `write_to`: inserting without `from` becomes legal, and what is in it can no
/// longer collide with anything.
async fn relax(
    context: &Context<'_>,
    seen: &ChangeRow,
    definition: &Definition,
) -> Result<ChangeRow, StageError> {
    let (dialect, rename) = (context.dialect(), context.rename());
    context.step(format!("relax `{}`", rename.from)).await;
    let table = &rename.table;
    if dialect == Dialect::Mysql {
        context
            .fenced(Lock::Everyone, seen, async |transaction| {
                steps::drop_guard(transaction, dialect, context.change, Side::To).await?;
                steps::drop_indexes(transaction, dialect, table, &definition.indexes).await
            })
            .await?;
        steps::relax(context, &rename.from, &definition.column, None).await?;
        if !definition.column.default_repeats {
            context
                .fenced(Lock::Everyone, seen, async |transaction| {
                    let default = definition.column.default.as_deref();
                    steps::set_default(transaction, dialect, table, &rename.to, default).await
                })
                .await?;
        }
        return context.enter(Lock::Rows, seen, State::WriteTo, async |_| Ok(())).await;
    }
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            // Left from a rollback; from now on writes set `to` alone.
            steps::drop_guard(transaction, dialect, context.change, Side::To).await?;
            steps::drop_indexes(transaction, dialect, table, &definition.indexes).await?;
            steps::drop_not_null(transaction, dialect, table, &rename.from).await?;
            steps::set_default(transaction, dialect, table, &rename.from, None).await?;
            // From now on nobody sends it.
            if !definition.column.default_repeats {
                let default = definition.column.default.as_deref();
                steps::set_default(transaction, dialect, table, &rename.to, default).await?;
            }
            Ok(())
        })
        .await
}

/// `write_to` to `contracted`.
async fn drop_from(context: &Context<'_>, seen: &ChangeRow) -> Result<ChangeRow, StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    context.step(format!("drop column `{}`", rename.from)).await;
    context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            // The guard goes first: it names the column, and a write that ran it would fail.
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::drop_guard_function(transaction, dialect, change).await?;
            steps::drop_column(transaction, dialect, &rename.table, &rename.from).await
        })
        .await
}

/// `read_to` to `contracted` where a column cannot be relaxed.
async fn swap(
    context: &Context<'_>,
    seen: &ChangeRow,
    definition: &Definition,
) -> Result<ChangeRow, StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    context.step(format!("drop the copy and rename `{}` to `{}`", rename.from, rename.to)).await;
    let table = &rename.table;
    context
        .enter(Lock::Everyone, seen, State::Contracted, async |transaction| {
            steps::compare(transaction, dialect, rename, &definition.column).await?;
            steps::drop_guard(transaction, dialect, change, Side::From).await?;
            steps::drop_guard(transaction, dialect, change, Side::To).await?;
            steps::drop_indexes(transaction, dialect, table, &definition.twins).await?;
            steps::drop_column(transaction, dialect, table, &rename.to).await?;
            steps::rename_column(transaction, dialect, table, &rename.from, &rename.to).await
        })
        .await
}

pub(super) async fn undo(context: &Context<'_>) -> Result<(), StageError> {
    let mut seen = context.seen().await?;
    let definition = context.definition().await?;
    let relaxes = context.dialect().relaxes();
    loop {
        seen = match (seen.state, relaxes) {
            (State::Contracted, true) if !context.dialect().rolls_back_ddl() => {
                // Published first: beside `contracted`, a column of that name is another one.
                context.enter(Lock::Rows, &seen, State::WriteTo, async |_| Ok(())).await?
            }
            (State::Contracted, true) => make_from(context, &seen, &definition).await?,
            (State::Contracted, false) => swap_back(context, &seen, &definition).await?,
            (State::WriteTo, _) => {
                if !context.dialect().rolls_back_ddl() {
                    let (dialect, change) = (context.dialect(), context.change);
                    let column = &definition.column;
                    context.step(format!("add column `{}`", context.rename().from)).await;
                    let work = async |transaction: &DatabaseTransaction| {
                        add_from(transaction, dialect, change, column).await
                    };
                    context.fenced(Lock::Everyone, &seen, work).await?;
                }
                context.step("write both again").await;
                context.enter(Lock::Rows, &seen, State::ReadTo, async |_| Ok(())).await?
            }
            (State::ReadTo, true) => return restore_from(context, &seen, &definition).await,
            (State::ReadTo, false) => return Ok(()),
            (State::Pending | State::DualWrite, _) => return Err(context.wrong_state(seen.state)),
        }
    }
}

/// `contracted` to `write_to`: `from` is there again, and nobody has to set it.
async fn make_from(
    context: &Context<'_>,
    seen: &ChangeRow,
    definition: &Definition,
) -> Result<ChangeRow, StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    let column = &definition.column;
    context.step(format!("add column `{}`", rename.from)).await;
    context
        .enter(Lock::Everyone, seen, State::WriteTo, async |transaction| {
            add_from(transaction, dialect, change, column).await
        })
        .await
}

/// Adds `from`, which nobody has to set, and guards it.
async fn add_from(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    change: &Change,
    column: &Column,
) -> Result<(), StageError> {
    let rename = change.rename();
    steps::add_column(transaction, dialect, &rename.table, &rename.from, column, false).await?;
    steps::put_guard(transaction, dialect, change, column, Side::From).await
}

/// In `read_to`, when every writer sets both again: `from` gets its data and its constraints.
async fn restore_from(
    context: &Context<'_>,
    seen: &ChangeRow,
    definition: &Definition,
) -> Result<(), StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    let (column, table) = (&definition.column, &rename.table);
    context.step("put the guard on the other side").await;
    context
        .fenced(Lock::Everyone, seen, async |transaction| {
            let default = column.default.as_deref();
            steps::set_default(transaction, dialect, table, &rename.from, default).await?;
            steps::put_guard(transaction, dialect, change, column, Side::To).await
        })
        .await?;
    steps::copy(context, seen, column, Side::From).await?;
    tables::clear_backfill(context.database.connection(), &change.name).await?;
    steps::build_indexes(context, &definition.indexes).await?;
    if column.not_null {
        steps::set_not_null(context, &rename.from, column).await?;
    }
    context.step(format!("compare `{}` with `{}`", rename.from, rename.to)).await;
    steps::compare(context.database.connection(), dialect, rename, column).await
}

/// `contracted` to `read_to` where a column cannot be relaxed: the column gets its name back and a
/// full copy beside it, in one transaction. A process that still writes `to` alone meets the guard.
async fn swap_back(
    context: &Context<'_>,
    seen: &ChangeRow,
    definition: &Definition,
) -> Result<ChangeRow, StageError> {
    let (dialect, change, rename) = (context.dialect(), context.change, context.rename());
    context.step(format!("rename `{}` to `{}` and copy it", rename.to, rename.from)).await;
    let (table, column) = (&rename.table, &definition.column);
    context
        .enter(Lock::Everyone, seen, State::ReadTo, async |transaction: &DatabaseTransaction| {
            steps::rename_column(transaction, dialect, table, &rename.to, &rename.from).await?;
            steps::add_column(transaction, dialect, table, &rename.to, column, true).await?;
            let (quoted, from) = (dialect.quote_table(table), dialect.quote(&rename.from));
            let to = dialect.quote(&rename.to);
            execute(transaction, &format!("UPDATE {quoted} SET {to} = {from}"), []).await?;
            for index in &definition.twins {
                steps::build_index_in(transaction, table, index).await?;
            }
            steps::put_guard(transaction, dialect, change, column, Side::From).await?;
            steps::put_guard(transaction, dialect, change, column, Side::To).await
        })
        .await
}
